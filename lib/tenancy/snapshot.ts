import 'server-only'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { findRecordIn } from '@/lib/tenancy/record'
import type { Snapshot } from '@/lib/tenancy/registry-levels'
import type { TenantRecord } from '@/lib/tenancy/tenant'

/**
 * The registry in a file, one record a line, for a process that starts while neither Redis nor the control database answers.
 * Written whole beside the old one and then renamed, so that a reader never sees half of it.
 */
export function snapshotFile(path: string): Snapshot {
  let writes = 0

  let read: { at: number; records: Promise<ReadonlyMap<string, TenantRecord>> } | undefined

  // Asked only in an outage, and then by every look-up: one reading serves them all for a while.
  function records(): Promise<ReadonlyMap<string, TenantRecord>> {
    if (read === undefined || Date.now() - read.at > 5_000) read = { at: Date.now(), records: readRecords(path) }
    return read.records
  }

  return {
    bySlug: async (slug) => (await records()).get(slug) ?? null,
    byId: async (tenantId) => (await records()).get(tenantId) ?? null,
    save: async (all) => {
      const beside = `${path}.${process.pid}.${++writes}`
      await writeFile(beside, all.map((record) => `${JSON.stringify(record)}\n`).join(''), { mode: 0o600 })
      await rename(beside, path)
    },
  }
}

/** By slug and by id. An unreadable file is an empty one: it is the last resort, and there is nobody left to ask. */
async function readRecords(path: string): Promise<ReadonlyMap<string, TenantRecord>> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const records = text.split('\n').flatMap((line) => (line === '' ? [] : (findRecordIn(line) ?? [])))
  return new Map(records.flatMap((record) => [[record.slug, record] as const, [record.tenantId, record] as const]))
}
