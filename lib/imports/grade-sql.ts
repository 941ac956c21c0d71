/** SQL shared by plan, commit and undo: grades as the texts of lib/gradebook/cell.ts, made and read inside the statement. */

/** The text of a grade with these columns; '' for the status '' that history uses for "no grade". */
export function cellText(score: string, status: string): string {
  return `case ${status}
    when 'graded' then trim_scale(${score})::text
    when '' then ''
    else concat_ws(' ', case ${status} when 'late' then 'LATE' when 'excused' then 'EX' when 'missing' then 'MI' else 'INC' end, trim_scale(${score}))
  end`
}

// Nearly all cells are plain scores: they begin with a digit or a sign, which sort before the letters.
/** The score in a cell's text, or null. */
export function scoreOf(token: string): string {
  return `case when ascii(${token}) < 65 then ${token} else nullif(split_part(${token}, ' ', 2), '') end::numeric(9,3)`
}

/** The status in a cell's text. */
export function statusOf(token: string): string {
  return `case when ascii(${token}) < 65 then 'graded' else
    case split_part(${token}, ' ', 1) when 'LATE' then 'late' when 'EX' then 'excused' when 'MI' then 'missing' when 'INC' then 'incomplete' end
  end`
}

/**
 * Settings of one transaction: a shard that has no statistics yet makes the planner guess one row and join in loops, which
 * takes ten times as long (a merge of 1% of a large class in loops never ended); the sorts and hashes of a large class fit into this memory.
 */
export const bulkSettings = {
  text: `
  select
    set_config('enable_nestloop', 'off', true),
    set_config('enable_seqscan', 'off', true),
    set_config('enable_mergejoin', 'off', true),
    set_config('jit', 'off', true),
    set_config('work_mem', '96MB', true)`,
  name: 'bulk_settings',
} as const

const fewCells = 20_000

/**
 * The name under which a statement over cells is prepared: planning it costs more than running it for a few, but one that is planned
 * once for all has no idea how many there are, so that many get a plan of their own.
 */
export function nameForFew(name: string, cells: number): { name?: string } {
  return cells < fewCells ? { name } : {}
}
