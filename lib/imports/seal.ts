/**
 * Files at rest: AES-256-GCM under a key of the school's own, with the school and the import as associated data. A sealed file that is
 * moved to another school or another import does not open, and neither does one that was touched.
 *
 * The key is derived (HKDF-SHA-256) from FILES_SECRET and the tenant id. `keyId` says which secret sealed a file, so that the secret
 * can be changed: FILES_SECRET_PREVIOUS opens what it sealed.
 */
import 'server-only'
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { env } from '@/lib/env'
import { processWide } from '@/lib/process-wide'

/** Whose file it is. */
export type FileOwner = Readonly<{ tenantId: string; importId: string }>
export type SealedFile = Readonly<{ keyId: string; nonce: Buffer; sealed: Buffer }>

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** Packs and seals. The same bytes twice are sealed to different ones. */
export async function sealFile(owner: FileOwner, bytes: Uint8Array): Promise<SealedFile> {
  const secret = env().FILES_SECRET
  const nonce = randomBytes(nonceBytes)
  const sealing = createCipheriv(cipher, keyOf(secret, owner.tenantId), nonce).setAAD(aadOf(owner))
  const packed = await promisify(gzip)(bytes, { level: 1 })
  const sealed = Buffer.concat([sealing.update(packed), sealing.final(), sealing.getAuthTag()])
  return { keyId: keyIdOf(secret), nonce, sealed }
}

/** The bytes as they were sealed; null when the secret that sealed them is no longer known. Throws when they were touched or moved. */
export async function openFile(owner: FileOwner, { keyId, nonce, sealed }: SealedFile): Promise<Uint8Array | null> {
  const { FILES_SECRET, FILES_SECRET_PREVIOUS } = env()
  const secret = [FILES_SECRET, FILES_SECRET_PREVIOUS].find((each) => each !== undefined && keyIdOf(each) === keyId)
  if (secret === undefined) return null
  const opening = createDecipheriv(cipher, keyOf(secret, owner.tenantId), nonce)
    .setAAD(aadOf(owner))
    .setAuthTag(sealed.subarray(-tagBytes))
  const packed = Buffer.concat([opening.update(sealed.subarray(0, -tagBytes)), opening.final()])
  return new Uint8Array(await promisify(gunzip)(packed))
}

function aadOf({ tenantId, importId }: FileOwner): Buffer {
  return Buffer.from(`${tenantId}\n${importId}`, 'utf8')
}

function keyOf(secret: string, tenantId: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, tenantId, 'grade-insight import file', 32))
}

/** Tells secrets apart and gives nothing of them away. */
function keyIdOf(secret: string): string {
  const known = processWide('file-key-ids', () => new Map<string, string>())
  const id = known.get(secret) ?? Buffer.from(hkdfSync('sha256', secret, '', 'grade-insight key id', 8)).toString('hex')
  known.set(secret, id)
  return id
}
