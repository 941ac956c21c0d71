/**
 * What a source's files cannot say. Canvas, Google Classroom, Moodle and their like write a score and no word on whether the work was
 * late or is incomplete: the same score in such a file is no change, or every such mark would be lost with the next upload. Pure.
 */
const scoresAlone: ReadonlySet<string> = new Set([
  'canvas',
  'google-classroom',
  'moodle',
  'brightspace',
  'blackboard',
  'gradescope',
  'sakai',
  'oneroster-1.1',
])

/** True when a file of `source` would say `token` of a grade that is `old`. */
export function saysTheSame(source: string, token: string, old: string): boolean {
  return token === old || (scoresAlone.has(source) && /^(?:LATE|INC) (.+)$/.exec(old)?.[1] === token)
}
