import 'server-only'
import pg from 'pg'

/** What a listener hears. `onConnect` comes on every connection after the first too: what was said in between is lost. */
export type ControlHearing = Readonly<{
  onMessage: (payload: string) => void
  onConnect: () => void
  onLost: (error: unknown) => void
}>

const firstRetryMs = 100
const lastRetryMs = 2_000
const heartbeatMs = 10_000

/**
 * Listens on a channel of the control database over a connection of its own, which must be a direct one: a pooler in transaction
 * mode forgets who listens. Reconnects by itself, and asks the connection regularly whether it is alive, because a half-open
 * one is silent for ever. Returns how to stop.
 */
export function listenToControl(url: string, channel: string, hearing: ControlHearing): () => Promise<void> {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let retryMs = firstRetryMs
  let isStopped = false

  async function connect(): Promise<void> {
    const mine = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 3_000,
      query_timeout: 3_000,
      keepAlive: true,
      application_name: 'grade-insight-listener',
    })
    client = mine
    mine.on('error', (error) => lost(mine, error))
    mine.on('end', () => lost(mine, new Error('the listening connection ended')))
    mine.on('notification', ({ payload }) => hearing.onMessage(payload ?? ''))
    try {
      await mine.connect()
      await mine.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch (error) {
      return lost(mine, error)
    }
    if (isStopped || client !== mine) return void mine.end().catch(() => {})
    retryMs = firstRetryMs
    hearing.onConnect()
    beat(mine)
  }

  function beat(mine: pg.Client): void {
    timer = setTimeout(() => {
      mine.query('select 1').then(
        () => client === mine && !isStopped && beat(mine),
        (error) => lost(mine, error),
      )
    }, heartbeatMs)
    timer.unref()
  }

  function lost(mine: pg.Client, error: unknown): void {
    if (client !== mine || isStopped) return
    client = undefined
    clearTimeout(timer)
    mine.end().catch(() => {})
    hearing.onLost(error)
    timer = setTimeout(() => void connect(), retryMs)
    timer.unref()
    retryMs = Math.min(retryMs * 2, lastRetryMs)
  }

  void connect()
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await client?.end().catch(() => {})
  }
}
