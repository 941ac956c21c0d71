import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { FixStep } from '@/components/imports/fix-step'
import { MapStep } from '@/components/imports/map-step'
import { ProgressEnded } from '@/components/imports/progress-ended'
import { endedWords, phasePercent, phaseWord } from '@/components/imports/progress-words'
import { plainLook } from '@/components/imports/review-address'
import { ReviewStep } from '@/components/imports/review-step'
import { ShapeStep } from '@/components/imports/shape-step'
import { Stepper } from '@/components/imports/stepper'
import type { ImportProgress } from '@/lib/imports/progress'
import type { MapColumn } from '@/lib/imports/wizard-views'
import { review, summary, wizard } from '../../support/wizard-views'

const format = { locale: 'en-GB', timeZone: 'Europe/London' }
const action = async () => null
const common = { action, hidden: { importId: summary.id, step: 'fix' }, isReadOnly: false, format }
const mapping = { save: action, forget: action }

/** What a person reads, without the tags. */
const wordsOf = (markup: string) => markup.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
/** Elements of the markup that have all of these attributes, in whatever order they were written. */
const tagsOf = (markup: string, tag: string, attributes: readonly string[]) =>
  (markup.match(new RegExp(`<${tag}[^>]*>`, 'g')) ?? []).filter((each) => attributes.every((one) => each.includes(one)))
const draw = (element: Parameters<typeof renderToStaticMarkup>[0]) => renderToStaticMarkup(element)

describe('the stepper', () => {
  const markup = draw(
    <Stepper importId={summary.id} classId={summary.classId} steps={wizard.steps} current="fix" format={format} />,
  )

  it('says in words how each step stands, and marks the shown one', () => {
    const words = wordsOf(markup)
    expect(words).toContain('Shape nothing open')
    expect(words).toContain('Fix 5 questions')
    expect(words).toContain('Review waits for an earlier step')
    expect(markup.match(/aria-current="step"/g)).toHaveLength(1)
    expect(markup).toMatch(/aria-current="step"[^>]*href="[^"]*step=fix"|href="[^"]*step=fix"[^>]*aria-current="step"/)
  })

  it('lets every step be opened at any time', () => {
    for (const step of ['shape', 'map', 'fix', 'review']) expect(markup).toContain(`/imports/${summary.id}?step=${step}`)
  })
})

describe('Shape', () => {
  const markup = draw(<ShapeStep questions={[]} shape={wizard.shape} {...common} />)

  it('shows every way of reading as a button with a sample, the one in force pressed', () => {
    expect(tagsOf(markup, 'button', ['name="set.numbers"', 'value=","', 'aria-pressed="true"'])).toHaveLength(1)
    expect(tagsOf(markup, 'button', ['name="set.numbers"', 'value="."', 'aria-pressed="false"'])).toHaveLength(1)
    expect(wordsOf(markup)).toMatch(/Point , reads as 85/)
    expect(wordsOf(markup)).toMatch(/Numbers You chose this/)
    expect(wordsOf(markup)).toMatch(/Letters Found in the file/)
  })

  it('leaves out what does not apply, and offers a list where chips would be too many', () => {
    expect(markup).not.toContain('set.part')
    expect(markup).toMatch(/<select[^>]*name="set\.headingRow"/)
    const workbook = draw(<ShapeStep questions={[]} shape={{ ...wizard.shape, encoding: null, delimiter: null }} {...common} />)
    expect(workbook).not.toContain('set.encoding')
    expect(workbook).not.toContain('set.delimiter')
  })

  it('says what each row is, in words', () => {
    for (const word of ['Headings', 'About the columns', 'Student', 'Skipped']) expect(wordsOf(markup)).toContain(word)
  })
})

describe('Map', () => {
  const draw1 = (map = wizard.map) =>
    draw(<MapStep questions={wizard.fix.groups} map={map} path="/x?step=map" from={0} mapping={mapping} {...common} />)
  const words = wordsOf(draw1())

  it('says of each column what it is and how sure that is', () => {
    expect(words).toMatch(/Column B ID .*?Student number .*?Likely/)
    expect(words).toMatch(/Column D .*?A new assignment .*?You said so/)
    expect(words).toMatch(/2 columns hold scores, 2 columns say who the student is, 2 columns are not used/)
  })

  it('names a private column, shows none of its cells, and says how to use it', () => {
    expect(words).toContain('1 private column was left out')
    expect(words).toContain('F ( Date of birth )')
    expect(words).toContain('Its cells are not shown and not kept.')
    expect(words).toContain('This looks like personal data')
  })

  it('says where an assignment of the class is, and that nothing typed leaves it there', () => {
    expect(words).toContain('It is in Tests . Empty keeps it there.')
    expect(words).toContain('Those it has stay.')
    const quiz = wizard.map.columns[2]
    if (quiz?.target == null) throw new Error('the fixture has no column of the class')
    const nowhere = draw1({ ...wizard.map, columns: [{ ...quiz, target: { ...quiz.target, category: null } }] })
    expect(wordsOf(nowhere)).toContain('It is in none.')
    const categoryIn = (more: Partial<MapColumn>) =>
      tagsOf(draw1({ ...wizard.map, columns: [{ ...quiz, category: 'Of the file', ...more }] }), 'input', [
        'name="c2.category"',
        'value="Of the file"',
      ]).length
    expect([categoryIn({}), categoryIn({ target: null }), categoryIn({ choice: { use: 'assignment' } })]).toEqual([0, 1, 1])
    const fresh = draw1({ ...wizard.map, columns: [{ ...quiz, target: null }] })
    expect(wordsOf(fresh)).not.toMatch(/It is in|Those it has stay/)
  })

  it('draws 50 columns of a wide file and the way to the others', () => {
    const [first] = wizard.map.columns
    if (first === undefined) throw new Error('the fixture has no column')
    const columns = Array.from({ length: 120 }, (_, at) => ({ ...first, at, name: `C${at}` }))
    const wide = draw1({ ...wizard.map, columns })
    expect(wide.match(/\.was"/g)).toHaveLength(50)
    expect(wide).toContain('/x?step=map&amp;from=50')
    expect(wordsOf(wide)).toContain('Columns 1 to 50 of 120')
  })
})

describe('Fix', () => {
  const markup = draw(<FixStep fix={wizard.fix} choices={{}} {...common} />)

  it('puts what blocks first, and offers one answer for all before the single ones', () => {
    expect(markup.indexOf('Scores below zero')).toBeLessThan(markup.indexOf('Cells that are no number'))
    expect(markup.indexOf('Leave them all empty')).toBeLessThan(markup.indexOf('Use what I typed'))
  })

  it('gives each cell an input of its own with its student and place as the label', () => {
    expect(markup).toMatch(/<label for="cell-6-2"[^>]*>.*?كوفال, ماريا.*?Row 6, Quiz 1.*?<\/label>/)
    expect(tagsOf(markup, 'input', ['id="cell-6-2"', 'value="9O"'])).toHaveLength(1)
  })

  it('puts an unsure student beside the candidates, nothing chosen for the teacher', () => {
    expect(tagsOf(markup, 'input', ['name="student.12"'])).toHaveLength(3)
    expect(tagsOf(markup, 'input', ['name="student.12"', 'checked'])).toHaveLength(0)
    expect(tagsOf(markup, 'input', ['name="student.13"', 'value="new"', 'checked'])).toHaveLength(1)
  })

  it('says so when nothing needs mending', () => {
    const empty = draw(<FixStep fix={{ groups: [], unmatched: [] }} choices={{}} {...common} />)
    expect(wordsOf(empty)).toContain('Nothing needs mending')
  })

  it('only shows in a school that can only be read', () => {
    const readOnly = draw(<FixStep fix={wizard.fix} choices={{}} {...common} isReadOnly />)
    expect(readOnly).not.toContain('Leave them all empty')
    expect(readOnly).toContain('<fieldset disabled')
  })
})

describe('Review', () => {
  const at = (look = plainLook, more = {}) =>
    draw(
      <ReviewStep
        review={review}
        conflicts={wizard.conflicts}
        conflictCounts={wizard.conflictCounts}
        next="fix"
        look={look}
        path="/imports/x?step=review"
        actions={{ commit: action, reread: action }}
        hidden={common.hidden}
        idempotencyKey="12345678"
        isReadOnly={false}
        format={format}
        {...more}
      />,
    )

  it('says that the buttons decide for conflicts beyond those that are listed', () => {
    const words = wordsOf(at(plainLook, { conflictCounts: { all: 1_200, kept: 1_199 } }))
    expect(words).toContain('1,200 grades were changed by somebody')
    expect(words).toContain('The first 2 are listed below; the two buttons decide for all of them.')
    expect(wordsOf(at())).not.toContain('are listed below')
  })

  it('writes on the button exactly what it will do, clears included', () => {
    expect(wordsOf(at())).toContain('Write 23 grades and clear 2 grades for 3 students')
  })

  it('marks a cleared grade with a sign and a word beside the colour', () => {
    expect(at()).toMatch(/class="d-cleared[^"]*"><span aria-hidden="true">−<\/span>.*?<del><bdi>17<\/bdi><\/del>/)
    expect(wordsOf(at())).toMatch(/− 17 → becomes cleared/)
  })

  it('says who changed a grade in conflict and when, both values, and which one counts', () => {
    const words = wordsOf(at())
    expect(words).toContain('2 grades were changed by somebody')
    expect(words).toMatch(/Muñoz, Ana Quiz 1 .*?Marcus Reed 26 Nov 2026, 14:05/)
    expect(tagsOf(at(), 'input', ['name="conflict.5:2"', 'value="keep"', 'checked'])).toHaveLength(1)
    expect(tagsOf(at(), 'input', ['name="conflict.6:3"', 'value="take"', 'checked'])).toHaveLength(1)
  })

  it('names who gets another letter, with the direction in a word', () => {
    expect(wordsOf(at())).toMatch(/Muñoz, Ana .*?C → becomes B .*?▲ Up/)
    expect(wordsOf(at())).toMatch(/A → becomes B .*?▼ Down/)
  })

  it('says of each assignment what becomes of its points, date, category and tags', () => {
    const [quiz, essay] = review.columns
    if (quiz === undefined || essay === undefined) throw new Error('the fixture has two columns')
    const moved = {
      ...{ ...quiz, state: 'changed' as const, maxPoints: { old: '20', new: '25' } },
      ...{ dueOn: { old: '2026-11-03', new: '2026-11-04' }, category: { old: 'Tests', new: 'Labs' }, tags: ['unit 1', 'cells'] },
    }
    const changed = { ...review, columns: [moved, essay] }
    for (const look of [plainLook, { ...plainLook, by: 'assignments' as const }]) {
      const markup = at(look, { review: changed })
      expect(wordsOf(markup)).toMatch(/Quiz 1 Changed of 20 25 · 3 Nov 2026 4 Nov 2026 Category Tests Labs Tags unit 1, cells/)
      for (const gone of ['20', '3 Nov 2026', '<bdi>Tests</bdi>']) expect(markup).toContain(`<del>${gone}</del>`)
      expect(wordsOf(markup)).toMatch(/Final Essay New of 100 · 3 Nov 2026 Tags writing/)
    }
    const first = { ...moved, category: { old: null, new: 'Labs' } }
    expect(wordsOf(at(plainLook, { review: { ...review, columns: [first, essay] } }))).toContain('Category Labs')
  })

  it('shows one assignment student by student', () => {
    const words = wordsOf(at({ ...plainLook, by: 'assignments', column: 0 }))
    expect(words).toContain('Quiz 1 3 students')
  })

  it('has no button to write while a question is open, and leads to it', () => {
    const blocked = { ...review, summary: { ...summary, state: 'blocked' as const } }
    const markup = at(plainLook, { review: blocked })
    expect(wordsOf(markup)).not.toContain('Write 23')
    expect(markup).toContain(`/imports/${summary.id}?step=fix`)
  })

  it('has no button to write in a school that can only be read', () => {
    expect(wordsOf(at(plainLook, { isReadOnly: true }))).not.toContain('Write 23')
  })
})

describe('the words of a worker’s progress', () => {
  const progress: ImportProgress = {
    ...{ importId: summary.id, kind: 'commit', state: 'working', phase: 'writing', done: 250, total: 1_000 },
    ...{ waitedSeconds: 0, workedSeconds: 3, attempt: 1, cancel: 'none', problem: null },
  }

  it('name the phase, and a number only where there is one', () => {
    expect(phaseWord(progress)).toBe('Writing the grades')
    expect(phaseWord({ ...progress, state: 'queued', phase: null })).toBe('Waiting for its turn')
    expect(phaseWord({ ...progress, cancel: 'asked' })).toBe('Stopping')
    expect(phasePercent(progress)).toBe(25)
    expect(phasePercent({ done: 5, total: null })).toBeNull()
    expect(phasePercent({ done: 7, total: 5 })).toBe(100)
  })

  it('say how it ended to who cannot see that the page changed', () => {
    const of = (kind: ImportProgress['kind'], state: ImportProgress['state']) => endedWords({ ...progress, kind, state })
    expect(of('reread', 'done')).toBe('The file was read again.')
    expect(of('commit', 'done')).toBe('The grades are written.')
    expect(of('undo', 'cancelled')).toBe('Stopped. Nothing was undone.')
    expect(of('plan', 'failed')).toBe('This file could not be read.')
    for (const state of ['queued', 'working'] as const) expect(of('commit', state)).toBe('')
    expect(endedWords(null)).toBe('')
  })

  it('say how it ended when it did not end well', () => {
    const ended = (more: Partial<ImportProgress>) =>
      wordsOf(draw(<ProgressEnded progress={{ ...progress, ...more }} format={format} />))
    expect(ended({ state: 'done' }).trim()).toBe('')
    expect(ended({ state: 'cancelled' })).toContain('Nothing was written.')
    expect(ended({ state: 'done', cancel: 'too_late' })).toContain('It was too late to stop')
    expect(ended({ state: 'failed', problem: { message: 'The term is locked.', problems: [] } })).toContain('The term is locked.')
  })
})
