/** Bytes to text in one encoding, on every Node we run on. Pure. */
import type { Encoding } from './decode'

/**
 * As TextDecoder, but for Windows-1252: Node 20 decodes a whole buffer of it as Latin-1, which turns the S of Šimić and curly quotes
 * into control characters. In a stream it decodes as the standard says.
 */
export function decodeBytes(bytes: Uint8Array, encoding: Encoding, options: { ignoreBOM?: boolean } = {}): string {
  const decoder = new TextDecoder(encoding, options)
  return decoder.decode(bytes, { stream: true }) + decoder.decode()
}
