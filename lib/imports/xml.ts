/**
 * Just enough XML to read the parts of a workbook: elements of one name, their attributes and text. It looks for what it wants
 * from left to right and never goes back, so that no file can make it slow; document types and entities of the file's own are
 * not followed. Pure.
 */

export type XmlElement = Readonly<{ attributes: string; inner: string; at: number; end: number }>

/**
 * The next element of this name (its prefix does not count) from `from` on, or null. `open`: it begins, but its end is not there
 * yet, as in a piece of a larger text; `at` is where it begins.
 */
export function nextElement(xml: string, name: string, from: number): XmlElement | Readonly<{ open: true; at: number }> | null {
  for (let at = xml.indexOf('<', from); at >= 0; at = xml.indexOf('<', at + 1)) {
    const tag = tagAt(xml, at)
    if (tag === null) return { open: true, at }
    if (tag.name !== name) continue
    if (tag.isClosed) return { attributes: tag.attributes, inner: '', at, end: tag.end }
    const close = xml.indexOf(`</${tag.written}>`, tag.end)
    if (close < 0) return { open: true, at }
    return { attributes: tag.attributes, inner: xml.slice(tag.end, close), at, end: close + tag.written.length + 3 }
  }
  return null
}

/** All whole elements of this name, in order; what is inside of one is not looked through again. */
export function* elements(xml: string, name: string): Iterable<XmlElement> {
  for (let from = 0; ; ) {
    const found = nextElement(xml, name, from)
    if (found === null || 'open' in found) return
    yield found
    from = found.end
  }
}

/** Whether an element of this name (its prefix does not count) ends in the text: without it, the file was not saved to its end. */
export function hasEnd(xml: string, name: string): boolean {
  return new RegExp(`</(?:[\\w.-]+:)?${name}\\s*>|<(?:[\\w.-]+:)?${name}(?:\\s[^<>]*)?/>`).test(xml)
}

type Tag = Readonly<{ written: string; name: string; attributes: string; isClosed: boolean; end: number }>

/** The tag that begins at `at`, or null when its end is not there; an end tag has no name. */
function tagAt(xml: string, at: number): Tag | null {
  const end = xml.indexOf('>', at)
  if (end < 0) return null
  const isClosed = xml[end - 1] === '/'
  const text = xml.slice(at + 1, isClosed ? end - 1 : end)
  const space = text.search(/\s/)
  const written = space < 0 ? text : text.slice(0, space)
  const colon = written.indexOf(':')
  return {
    written,
    name: colon < 0 ? written : written.slice(colon + 1),
    attributes: space < 0 ? '' : text.slice(space),
    isClosed,
    end: end + 1,
  }
}

const attributeNames = [
  ...(['r', 's', 't', 'numFmtId', 'formatCode', 'name', 'state', 'id', 'date1904'] as const),
  ...(['Id', 'Type', 'Target'] as const),
] as const

// Made once: a sheet asks for the same three of every cell.
const patterns = new Map(
  attributeNames.map((name) => [name, new RegExp(`\\s(?:[\\w-]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)] as const),
)

/** The value of an attribute by its local name, or null. */
export function attribute(attributes: string, name: (typeof attributeNames)[number]): string | null {
  const match = patterns.get(name)?.exec(attributes) ?? null
  return match === null ? null : decodeEntities(match[1] ?? match[2] ?? '')
}

/** Text as it is meant: entities and character data sections resolved. */
export function decodeXml(text: string): string {
  let decoded = ''
  let from = 0
  for (;;) {
    const start = text.indexOf(dataStart, from)
    const end = start < 0 ? -1 : text.indexOf(dataEnd, start)
    if (end < 0) return decoded + decodeEntities(text.slice(from))
    decoded += decodeEntities(text.slice(from, start)) + text.slice(start + dataStart.length, end)
    from = end + dataEnd.length
  }
}

const dataStart = '<![CDATA['
const dataEnd = ']]>'
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (all, hex, decimal, name) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? all
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}
