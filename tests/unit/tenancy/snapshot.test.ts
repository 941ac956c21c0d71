import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { snapshotFile } from '@/lib/tenancy/snapshot'
import type { TenantRecord } from '@/lib/tenancy/tenant'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gi-snapshot-'))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const school = (slug: string, last: string): TenantRecord => ({
  tenantId: `0190a1b2-0000-7000-8000-00000000000${last}`,
  slug,
  name: slug,
  districtId: null,
  shard: 'shard_1',
  epoch: 3,
  status: 'active',
  tier: 'standard',
  timeZone: 'UTC',
  locale: 'en',
  features: { grid: true },
  branding: { accent: '#123456' },
})

describe('the snapshot file', () => {
  it('gives back what was saved, by slug and by id, and is nobody else’s to read', async () => {
    const file = path.join(folder, 'registry')
    const schools = [school('northside', '1'), school('riverside', '2')]
    await snapshotFile(file).save(schools)
    const later = snapshotFile(file)
    expect(await later.bySlug('riverside')).toEqual(schools[1])
    expect(await later.byId(school('northside', '1').tenantId)).toEqual(schools[0])
    expect(await later.bySlug('nowhere')).toBeNull()
    expect(fs.statSync(file).mode & 0o077).toBe(0)
    expect(fs.readdirSync(folder)).toEqual(['registry'])
  })

  it('knows nobody when it is not there, and keeps its good lines when one is broken', async () => {
    expect(await snapshotFile(path.join(folder, 'none')).bySlug('northside')).toBeNull()
    const file = path.join(folder, 'broken')
    fs.writeFileSync(file, `{"slug":"riverside"}\n${JSON.stringify(school('northside', '1'))}\n{"slug":"half`)
    expect(await snapshotFile(file).bySlug('northside')).toEqual(school('northside', '1'))
    expect(await snapshotFile(file).bySlug('riverside')).toBeNull()
  })
})
