import 'server-only'
import { Redis, type RedisOptions } from 'ioredis'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { processWide } from '@/lib/process-wide'

/**
 * The process's Redis. It holds copies and counters only: whoever calls it has an answer for the case that it is away, so a
 * command fails within milliseconds when it is down and within `commandTimeout` when it hangs, and is never queued.
 */

const options: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  connectTimeout: 1000,
  keepAlive: 10_000,
  commandTimeout: 300,
  retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 5), 2000),
}

type Connections = { url: string | null; client: Redis | null; subscribers: Set<Redis> }
const connections = processWide<Connections>('redis', () => ({ url: null, client: null, subscribers: new Set() }))

/** The shared connection, or null without REDIS_URL. Commands reject while it is away; it reconnects by itself. */
export function redis(): Redis | null {
  const url = env().REDIS_URL ?? null
  if (connections.url !== url) {
    connections.client?.disconnect()
    connections.url = url
    connections.client = url === null ? null : listened(new Redis(url, options))
  }
  return connections.client
}

/** A connection of its own for subscriptions: it waits for Redis, and subscribes again after every reconnect. The caller quits it. */
export function redisSubscriber(client: Redis): Redis {
  // `duplicate` does not copy listeners, and an error nobody listens to ends the process.
  const subscriber = listened(
    client.duplicate({ ...client.options, enableOfflineQueue: true, maxRetriesPerRequest: null, commandTimeout: undefined }),
  )
  connections.subscribers.add(subscriber)
  subscriber.once('end', () => connections.subscribers.delete(subscriber))
  return subscriber
}

/** Resolves when Redis answers or after `waitMs`, whichever comes first. True when it answers. */
export async function redisReady(client: Redis, waitMs: number): Promise<boolean> {
  if (client.status === 'ready') return true
  return new Promise((resolve) => {
    const finish = (isReady: boolean) => {
      clearTimeout(timer)
      client.off('ready', onReady)
      resolve(isReady)
    }
    const onReady = () => finish(true)
    const timer = setTimeout(() => finish(false), waitMs)
    client.once('ready', onReady)
  })
}

/** Ends every connection of the process. */
export function closeRedis(): void {
  for (const subscriber of connections.subscribers) subscriber.disconnect()
  connections.client?.disconnect()
  connections.subscribers.clear()
  connections.client = null
  connections.url = null
}

/** With a listener for errors, which logs an outage once and not at every attempt to reconnect. */
function listened(client: Redis): Redis {
  let isAway = false
  client.on('error', (error) => {
    if (!isAway) log.warn('redis_away', {}, error)
    isAway = true
  })
  client.on('ready', () => {
    if (isAway) log.info('redis_back')
    isAway = false
  })
  return client
}
