import 'server-only'
import pino, { type DestinationStream } from 'pino'
import { processWide } from '@/lib/process-wide'

/**
 * One JSON object a line on stdout. What may be logged is a closed list of keys, so that a student's name, an e-mail or a
 * grade has no field to stand in; texts that come along with errors are masked. Correlate by `request` and `tenant`.
 */

/** Everything a log line may say beside its event: ids, counts, states. A value is cut at 200 characters and masked like an error's text. */
export type LogFields = Readonly<
  Partial<{
    request: string
    tenant: string
    slug: string
    shard: string
    epoch: number
    member: string
    token: string
    import: string
    class: string
    reference: string
    code: string
    status: string | number
    kind: string
    method: string
    route: string
    role: string
    migration: string
    command: string
    setting: string
    signal: string
    transport: string
    attempt: number
    count: number
    rows: number
    bytes: number
    ms: number
    port: number
    version: string
    reason: string
    isOpen: boolean
  }>
>

type Level = 'debug' | 'info' | 'warn' | 'error'
type Write = (event: string, fields?: LogFields, error?: unknown) => void

/** A logger: `log.warn('shard_unreachable', { shard, attempt, ms, tenant, request }, error)`. The event is a fixed snake_case name. */
export type Log = Readonly<Record<Level, Write>>

const allowedKeys: ReadonlySet<string> = new Set<keyof LogFields>([
  ...([
    'request',
    'tenant',
    'slug',
    'shard',
    'epoch',
    'member',
    'token',
    'import',
    'class',
    'reference',
    'code',
    'status',
    'kind',
  ] as const),
  ...([
    'method',
    'route',
    'role',
    'migration',
    'command',
    'setting',
    'signal',
    'transport',
    'attempt',
    'count',
    'rows',
    'bytes',
  ] as const),
  ...(['ms', 'port', 'version', 'reason', 'isOpen'] as const),
])

/** Makes a logger; the process's own is `log`. `level` may be 'silent'. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  const out = destination ? pino(options, destination) : pino(options)
  const write =
    (name: Level): Write =>
    (event, fields, error) =>
      out[name]({ ...allowed(fields), ...(error === undefined ? {} : { error: describeError(error) }) }, event)
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** What may be said of an error: its class, code and masked text, our own `internal` note, and where it came from. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const { code, internal, digest } = error as Error & { code?: unknown; internal?: unknown; digest?: unknown }
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof digest === 'string' ? { digest } : {}),
    text: masked(typeof internal === 'string' ? internal : error.message),
    // The first lines of a stack repeat the message; only the frames are kept.
    at: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}

/**
 * A text without what people typed: databases and parsers quote values, so everything between quotes or brackets goes, and so do
 * e-mail addresses and decimal numbers. Ids survive.
 */
export function masked(text: string): string {
  return text
    .replace(/[^\s@"'<>()=,;]+@[^\s@"'<>()=,;]+/g, '[e-mail]')
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|“[^”]*”|«[^»]*»/g, '[value]')
    .replace(/=\([^)]*\)/g, '=[value]')
    .replace(/(?<![\w.-])-?\d+[.,]\d+(?![\w.-])/g, '[number]')
    .slice(0, 500)
}

function allowed(fields: LogFields | undefined): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {}
  for (const [key, value] of Object.entries(fields ?? {})) {
    if (value === undefined || !allowedKeys.has(key)) continue
    kept[key] = typeof value === 'string' ? masked(value).slice(0, 200) : value
  }
  return kept
}

/** The process's log. Its level is LOG_LEVEL; read directly, because the log must work before the environment was checked. */
export const log: Log = processWide('log', () => createLog(process.env.LOG_LEVEL ?? 'info'))
