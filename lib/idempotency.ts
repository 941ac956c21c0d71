import 'server-only'
import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { readTenant, writeTenant } from '@/lib/db/tenant-db'
import { ProblemError } from '@/lib/errors'
import { type Actor, actorKey, type TenantContext } from '@/lib/tenancy/tenant'

/**
 * Does a thing once under a key, however often it is asked for: a double click, a retry after a lost answer, two tabs.
 *
 * The key is claimed in a short transaction of its own, the work runs without holding a connection, and its answer is
 * stored under the key. Whoever comes second waits for that answer. A claim whose process died is taken over after its
 * lease; the work itself must therefore be safe to repeat (a commit of an import is, by its plan). A failed attempt gives
 * its claim back, so that the person can mend the input and use the same form again.
 */

/** What a key stands for: who asked, under which key, and a digest of what was asked (`requestDigest`). */
export type OnceKey = Readonly<{ actor: Actor; key: string; request: string }>

const leaseSeconds = 120
const keptHours = 24
const pollMilliseconds = 60

const storedSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('working'), claim: z.string() }),
  z.object({ state: z.literal('done'), answer: z.unknown() }),
])

/**
 * The answer of `work`, from this call or from an earlier one under the same key. Answers must survive JSON.
 * Throws `idempotency_mismatch` when the key was used for something else, `conflict` when the first is still at work.
 */
export async function once<Answer>(
  ctx: TenantContext,
  asked: OnceKey,
  work: () => Promise<Answer>,
  options: { waitSeconds?: number } = {},
): Promise<Readonly<{ answer: Answer; isRepeat: boolean }>> {
  const deadline = Date.now() + (options.waitSeconds ?? 30) * 1000
  const claim = randomUUID()
  while (!(await claimed(ctx, asked, claim))) {
    const stored = await storedAnswer(ctx, asked)
    // The answer was made by this very function for the same request, so it has the shape that `work` gives.
    if (stored?.state === 'done') return { answer: stored.answer as Answer, isRepeat: true }
    if (Date.now() > deadline) {
      throw new ProblemError('conflict', 'This was already sent and is still being worked on. Wait a moment, then look again.', {
        retryAfterSeconds: 5,
      })
    }
    await wait(pollMilliseconds)
  }
  try {
    const answer = await work()
    await finish(ctx, asked, claim, answer)
    return { answer, isRepeat: false }
  } catch (error) {
    // The failure itself is what the caller must hear of; a claim that could not be given back ends with its lease.
    await release(ctx, asked, claim).catch(() => undefined)
    throw error
  }
}

/**
 * Digest of what was asked: equal for equal parts, whatever the order of keys. A file counts by its name and bytes, so that
 * the same form sent again is the same request although its multipart boundary is another.
 */
export async function requestDigest(parts: unknown): Promise<string> {
  return digest(JSON.stringify(await comparable(parts)))
}

async function comparable(value: unknown): Promise<unknown> {
  if (value instanceof File) return ['file', value.name, digest(new Uint8Array(await value.arrayBuffer()))]
  if (Array.isArray(value)) return Promise.all(value.map(comparable))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(await Promise.all(entries.map(async ([key, part]) => [key, await comparable(part)])))
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url')
}

/** Takes the key when it is new, its answer is past keeping, or its worker is past its lease. One statement: no race. */
async function claimed(ctx: TenantContext, { actor, key, request }: OnceKey, claim: string): Promise<boolean> {
  const rows = await writeTenant(ctx, ({ sql, tenantId }) =>
    sql<{ key: string }>(
      `insert into app.idempotency as kept (tenant_id, actor, key, request, response)
       values ($1, $2, $3, $4, jsonb_build_object('state', 'working', 'claim', $5::text))
       on conflict (tenant_id, actor, key) do update
         set request = excluded.request, response = excluded.response, created_at = now()
         where kept.created_at < now() - make_interval(hours => $6)
            or (kept.request = excluded.request and kept.response ->> 'state' = 'working'
                and kept.created_at < now() - make_interval(secs => $7))
       returning key`,
      [tenantId, actorKey(actor), key, request, claim, keptHours, leaseSeconds],
    ),
  )
  return rows.length > 0
}

async function storedAnswer(ctx: TenantContext, { actor, key, request }: OnceKey) {
  const rows = await readTenant(ctx, ({ sql, tenantId }) =>
    sql<{ request: string; response: unknown }>(
      'select request, response from app.idempotency where tenant_id = $1 and actor = $2 and key = $3',
      [tenantId, actorKey(actor), key],
    ),
  )
  const [row] = rows
  if (row === undefined) return null
  if (row.request !== request) {
    throw new ProblemError(
      'idempotency_mismatch',
      'This key was already used for another request. Use a new key, or send the same request again.',
    )
  }
  return storedSchema.parse(row.response)
}

/** Stores the answer, and drops what the same person's earlier requests have kept long enough. */
async function finish(ctx: TenantContext, { actor, key }: OnceKey, claim: string, answer: unknown): Promise<void> {
  await writeTenant(ctx, async ({ sql, tenantId }) => {
    await sql(
      `update app.idempotency set response = jsonb_build_object('state', 'done', 'answer', $5::jsonb)
       where tenant_id = $1 and actor = $2 and key = $3 and response ->> 'claim' = $4`,
      [tenantId, actorKey(actor), key, claim, JSON.stringify(answer ?? null)],
    )
    await sql(
      `delete from app.idempotency where tenant_id = $1 and actor = $2 and created_at < now() - make_interval(hours => $3)`,
      [tenantId, actorKey(actor), keptHours],
    )
  })
}

async function release(ctx: TenantContext, { actor, key }: OnceKey, claim: string): Promise<void> {
  await writeTenant(ctx, ({ sql, tenantId }) =>
    sql(`delete from app.idempotency where tenant_id = $1 and actor = $2 and key = $3 and response ->> 'claim' = $4`, [
      tenantId,
      actorKey(actor),
      key,
      claim,
    ]),
  )
}
