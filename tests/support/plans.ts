import pg from 'pg'

/** One scan of a table in a plan that was run. */
export type Scan = Readonly<{ table: string; kind: string; indexCond: string; rows: number; rowsRemoved: number }>

type PlanNode = Readonly<{
  'Node Type': string
  'Relation Name'?: string
  'Index Cond'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  Plans?: readonly PlanNode[]
}>

/**
 * Runs a statement as gi_app in a school, prepared and planned once for every school (`generic`) or for these values (`custom`),
 * and returns how it read each table. Everything is rolled back.
 */
export async function scansOf(
  url: string,
  options: { tenantId: string; text: string; types: readonly string[]; values: readonly string[]; mode: 'generic' | 'custom' },
): Promise<Scan[]> {
  const { tenantId, text, types, values, mode } = options
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select guard.enter($1, 1, true)', [tenantId])
    await client.query(`set local plan_cache_mode = force_${mode}_plan`)
    await client.query(`prepare hot${inParentheses(types)} as ${text}`)
    const { rows } = await client.query<{ 'QUERY PLAN': readonly [{ Plan: PlanNode }] }>(
      `explain (analyze, timing off, format json) execute hot${inParentheses(values.map(pg.escapeLiteral))}`,
    )
    const root = rows[0]?.['QUERY PLAN'][0].Plan
    return root === undefined ? [] : scansBelow(root)
  } finally {
    await client.end()
  }
}

/** A list, or nothing: `()` is no list to Postgres. */
function inParentheses(parts: readonly string[]): string {
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function scansBelow(node: PlanNode): Scan[] {
  const below = (node.Plans ?? []).flatMap(scansBelow)
  const table = node['Relation Name']
  if (table === undefined || node['Node Type'] === 'ModifyTable') return below
  const scan = {
    table,
    kind: node['Node Type'],
    // A bitmap's condition stands at the index below the table.
    indexCond: [node, ...(node.Plans ?? [])].map((each) => each['Index Cond'] ?? '').join(' '),
    rows: node['Actual Rows'] * node['Actual Loops'],
    rowsRemoved: ((node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) * node['Actual Loops'],
  }
  return [scan, ...below]
}
