import fs from 'node:fs'
import { describe, expect, it } from 'vitest'

/** A row of docs/isolation.md, and the tests it names. */
const rows = fs
  .readFileSync('docs/isolation.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [, number = '', pitfall = '', stop = '', held = ''] = line.split('|').map((cell) => cell.trim())
    const tests = [...held.matchAll(/`(tests\/[^`]+)` “([^”]+)”/g)].map(([, file = '', title = '']) => ({ file, title }))
    return { number: Number(number), pitfall, stop, held, tests }
  })

describe('docs/isolation.md', () => {
  it('has every pitfall once, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 95 }, (_, index) => index + 1))
    expect(new Set(rows.map(({ pitfall }) => pitfall)).size).toBe(95)
  })

  it('names for each a test, or what does not exist yet', () => {
    const open = rows.filter(({ tests }) => tests.length === 0)
    for (const { number, stop } of open) expect(stop, String(number)).toMatch(/^later: .{20,}/)
    // A part that is made takes its row out of this list, and never the other way round.
    expect(open.map(({ number }) => number)).toEqual([28, 74, 75, 77, 78, 83, 84, 94, 95])
  })

  it.each(rows.flatMap(({ number, tests }) => tests.map(({ file, title }) => [number, file, title] as const)))(
    'row %i: %s holds “%s”',
    (_, file, title) => {
      // A title stands in its source as it stands here, but for the escape of a quote.
      const source = fs.readFileSync(file, 'utf8').replaceAll("\\'", "'")
      const quoted = [`'${title}',`, `"${title}",`]
      expect(quoted.some((text) => source.includes(text)) || hasInTemplate(source, title), `${file} has no such title`).toBe(true)
    },
  )
})

/** A title that holds a value of its own is a template; its fixed part is enough. */
function hasInTemplate(source: string, title: string): boolean {
  return [...source.matchAll(/(?:test|it)\(\s*`([^`]*)`/g)].some(([, text = '']) => text.includes(title))
}
