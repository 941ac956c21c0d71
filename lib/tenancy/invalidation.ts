import 'server-only'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { listenToControl } from '@/lib/db/control-listener'
import type { Sql } from '@/lib/db/sql'
import { log } from '@/lib/log'
import { redisSubscriber } from '@/lib/redis'

/**
 * How processes tell each other that a route changed. Two transports with one interface: Redis pub/sub, and LISTEN/NOTIFY of
 * the control database where there is no Redis. Both deliver at most once and say nothing of what was missed, so every message names
 * the one before it, and a connection that comes back counts as a gap.
 */

/** One change of one school's route. `id` is its row of registry_outbox, `previous` the one published before it ('' for the first). */
export type RouteChange = Readonly<{ id: string; previous: string; tenantId: string; slug: string; epoch: number }>

export type InvalidationListener = Readonly<{
  onChange: (change: RouteChange) => void
  /** Changes may have been missed. */
  onGap: () => void
}>

export type Invalidations = Readonly<{
  transport: 'redis' | 'postgres'
  /** Tells everybody. `tx` is the transaction that marks the change as published. Throws when the transport is away. */
  publish: (change: RouteChange, tx: Sql) => Promise<void>
  /** Makes everybody distrust what they hold. Throws when the transport is away. */
  announceGap: (tx: Sql) => Promise<void>
  /** Starts hearing; resolves when it hears, or at once when the transport is away (it will come). Returns how to stop. */
  subscribe: (listener: InvalidationListener) => Promise<() => Promise<void>>
}>

const channel = 'gi_registry'
/** No change at all: whoever hears it must have missed something. */
const gap = 'gap'

/** Over Redis pub/sub. */
export function redisInvalidations(client: Redis): Invalidations {
  return {
    transport: 'redis',
    publish: async (change) => {
      await client.publish(channel, JSON.stringify(change))
    },
    announceGap: async () => {
      await client.publish(channel, gap)
    },
    subscribe: async (listener) => {
      const subscriber = redisSubscriber(client)
      const hear = hearing(listener)
      subscriber.on('message', (_channel, message) => hear.message(message))
      await firstConnection((connected) => {
        const heard = () => {
          hear.connected()
          connected()
        }
        // ioredis subscribes again after each reconnect, before it says so here.
        subscriber.on('ready', () => subscriber.subscribe(channel).then(heard, () => {}))
      })
      return async () => subscriber.disconnect()
    },
  }
}

/** Over LISTEN/NOTIFY. `url` must lead to Postgres itself and not through a pooler. */
export function postgresInvalidations(url: string): Invalidations {
  return {
    transport: 'postgres',
    // In the transaction that marks it, so it is delivered exactly when that commits, in order.
    publish: async (change, tx) => {
      await tx('select pg_notify($1, $2)', [channel, JSON.stringify(change)])
    },
    announceGap: async (tx) => {
      await tx('select pg_notify($1, $2)', [channel, gap])
    },
    subscribe: async (listener) => {
      const hear = hearing(listener)
      let stop = async () => {}
      await firstConnection((connected) => {
        stop = listenToControl(url, channel, {
          onMessage: hear.message,
          onConnect: () => {
            hear.connected()
            connected()
          },
          onLost: (error) => log.warn('registry_listener_lost', { transport: 'postgres' }, error),
        })
      })
      return stop
    },
  }
}

const changeSchema = z.object({
  id: z.string().regex(/^\d+$/),
  previous: z.string().regex(/^\d*$/),
  tenantId: z.uuid(),
  slug: z.string(),
  epoch: z.number().int().positive(),
})

/** Reads messages and finds gaps in them. A message that is none of ours is a gap too: somebody else speaks on the channel. */
function hearing(listener: InvalidationListener) {
  let last: string | null = null
  return {
    connected: () => {
      last = null
      listener.onGap()
    },
    message: (text: string) => {
      const change = parseChange(text)
      if (change === null) return listener.onGap()
      if (last !== null && change.previous !== last) listener.onGap()
      last = change.id
      listener.onChange(change)
    },
  }
}

function parseChange(text: string): RouteChange | null {
  try {
    return changeSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** Waits for the first connection, but not long: a process starts without its transport as well. */
function firstConnection(begin: (connected: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 1_000)
    begin(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
