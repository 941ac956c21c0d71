/** Text to bytes in any encoding that files come in: the way back of decode.ts. Pure. */
import type { Encoding } from './decode'
import { decodeBytes } from './decode-bytes'

/** The text in that encoding, with a byte order mark where the encoding has one. What it cannot write becomes a question mark. */
export function encodeText(text: string, encoding: Encoding): Uint8Array {
  switch (encoding) {
    case 'utf-8':
      return new TextEncoder().encode(`\ufeff${text}`)
    case 'utf-16le':
      return new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))
    case 'utf-16be':
      return new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le').swap16())
    case 'big5':
      return encodeBy(big5Table(), text)
    default:
      return encodeBy(singleByteTable(encoding), text)
  }
}

const questionMark = [0x3f] as const

function encodeBy(table: ReadonlyMap<string, readonly number[]>, text: string): Uint8Array {
  const bytes: number[] = []
  for (const sign of text) bytes.push(...(table.get(sign) ?? questionMark))
  return Uint8Array.from(bytes)
}

function singleByteTable(encoding: Encoding): Map<string, readonly number[]> {
  return new Map(Array.from({ length: 256 }, (_, byte) => [decodeBytes(Uint8Array.of(byte), encoding), [byte]]))
}

function big5Table(): Map<string, readonly number[]> {
  const decoder = new TextDecoder('big5')
  const table = new Map<string, readonly number[]>(Array.from({ length: 128 }, (_, byte) => [String.fromCharCode(byte), [byte]]))
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const sign = decoder.decode(Uint8Array.of(lead, trail))
      if ([...sign].length === 1 && sign !== '\ufffd' && !table.has(sign)) table.set(sign, [lead, trail])
    }
  }
  return table
}
