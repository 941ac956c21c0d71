import type { BadgeTone } from '@/components/ui/badge'
import { countOf, type Format } from '@/components/ui/format'
import type { RosterKind, RosterSource } from '@/lib/rosters/roster-file'
import type { Removal } from '@/lib/rosters/stored-plan'
import type { RosterChange, RosterCounts, RosterListName, RosterState } from '@/lib/rosters/views'

/** The words of roster pages. */

export const rosterStateWords: Readonly<Record<RosterState, Readonly<{ word: string; tone: BadgeTone }>>> = {
  planned: { word: 'Waits for you', tone: 'watch' },
  committed: { word: 'Written', tone: 'good' },
  undone: { word: 'Undone', tone: 'plain' },
  discarded: { word: 'Discarded', tone: 'plain' },
}

export const sourceWords: Readonly<Record<RosterSource, string>> = {
  csv: 'CSV tables',
  oneroster: 'OneRoster',
  clever: 'Clever',
}

export const listWords: Readonly<Record<RosterListName, string>> = {
  students: 'Students',
  classes: 'Classes',
  enrolments: 'Enrolments',
  guardians: 'Guardians',
  teachers: 'Teachers',
}

export const toneOfChange: Readonly<Record<RosterChange['tone'], BadgeTone>> = { new: 'good', changed: 'accent', removed: 'bad' }

/** What one number of a plan stands for, one and many, with those that take something away marked. */
type CountWord = readonly [key: keyof RosterCounts, one: string, many: string, isRemoval?: true]
const words: readonly CountWord[] = [
  ['studentsNew', 'new student', 'new students'],
  ['studentsChanged', 'changed student', 'changed students'],
  ['studentsBack', 'student back', 'students back'],
  ['studentsLeaving', 'student leaving', 'students leaving', true],
  ['classesNew', 'new class', 'new classes'],
  ['classesChanged', 'changed class', 'changed classes'],
  ['classesBack', 'class open again', 'classes open again'],
  ['classesClosing', 'class archived', 'classes archived', true],
  ['enrolmentsNew', 'new enrolment', 'new enrolments'],
  ['enrolmentsBack', 'enrolment back', 'enrolments back'],
  ['enrolmentsEnded', 'enrolment ended', 'enrolments ended', true],
  ['guardiansNew', 'new guardian', 'new guardians'],
  ['guardiansChanged', 'changed guardian', 'changed guardians'],
  ['linksNew', 'guardian linked', 'guardians linked'],
  ['linksChanged', 'relation changed', 'relations changed'],
  ['linksEnded', 'guardian link ended', 'guardian links ended', true],
  ['teachersAdded', 'teacher added', 'teachers added'],
  ['teachersRemoved', 'teacher taken off', 'teachers taken off', true],
]

/** The numbers of a plan for the strip: what is not zero, and always the three that matter most. */
export function stripCounts(counts: RosterCounts): readonly Readonly<{ label: string; count: number; isBad?: boolean }>[] {
  const always: readonly string[] = ['studentsNew', 'studentsLeaving', 'enrolmentsNew', 'enrolmentsEnded']
  return words
    .filter(([key]) => counts[key] > 0 || always.includes(key))
    .map(([key, one, many, isRemoval]) => ({
      ...{ label: counts[key] === 1 ? one : many, count: counts[key] },
      isBad: isRemoval === true,
    }))
}

/** '3 new students, 1 class archived', or that nothing changes. */
export function rosterSummary(counts: RosterCounts, format: Format): string {
  const said = words.filter(([key]) => counts[key] > 0).map(([key, one, many]) => countOf(counts[key], one, many, format))
  return said.length === 0 ? 'Nothing changes' : said.join(', ')
}

/** Whether a plan writes anything. */
export function changesAnything(counts: RosterCounts): boolean {
  return words.some(([key]) => counts[key] > 0)
}

const removalWords: Readonly<Record<Removal['kind'], readonly [one: string, many: string, all: string]>> = {
  students: ['student leaves', 'students leave', 'students at the school'],
  classes: ['class is archived', 'classes are archived', 'open classes'],
  enrolments: ['enrolment ends', 'enrolments end', 'running enrolments'],
  guardians: ['guardian link ends', 'guardian links end', 'guardian links'],
}

/** '612 students leave, of 5,000 students at the school'. */
export function removalText({ kind, removed, of }: Removal, format: Format): string {
  const [one, many, all] = removalWords[kind]
  return `${countOf(removed, one, many, format)}, of ${countOf(of, all, all, format)}`
}

const kindWords: Readonly<Record<RosterKind, string>> = {
  students: 'students',
  classes: 'classes',
  enrolments: 'enrolments',
  guardians: 'guardians',
  teachers: 'teachers of classes',
}

/** What the file is the whole list of, in words. */
export function wholeText(whole: readonly RosterKind[]): string {
  if (whole.length === 0) return 'It is a list of additions and changes: who is missing from it stays.'
  return `It is the whole list of ${whole.map((kind) => kindWords[kind]).join(', ')}: who is missing from it goes.`
}
