import 'server-only'
import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

// OWASP's first choice for argon2id: 19 MiB, two passes. The algorithm is the library's default and stands in every hash.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Argon2id hash of a password, in PHC text form. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), cost)
}

let dummy: Promise<string> | undefined

/**
 * True when the password belongs to the hash. Without a hash (nobody with that e-mail, a disabled person, one who has no
 * password yet) it does the same work against a hash nobody knows, so that time does not tell who exists.
 */
export async function isPasswordRight(password: string, passwordHash: string | null): Promise<boolean> {
  dummy ??= hashPassword(randomBytes(24).toString('base64'))
  const isRight = await verify(passwordHash ?? (await dummy), password.normalize('NFKC'))
  return passwordHash !== null && isRight
}

/** A password to hand to a person: 20 letters and digits in fours, about 98 bits. */
export function inventPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  // 248 is the largest multiple of 31 in a byte: above it some letters would come up more often.
  const letters = [...randomBytes(80)].filter((byte) => byte < 248).map((byte) => alphabet[byte % 31] ?? '')
  const fours = [0, 4, 8, 12, 16].map((from) => letters.slice(from, from + 4).join(''))
  return fours.join('-')
}
