// A check of a file reads it whole: collected more often, the largest one stays far below the 300 MB that it may take.
const small = ['--optimize-for-size', '--max-semi-space-size=4']

/**
 * Flags of Node for an `ops` command.
 * @param {readonly string[]} command its words
 * @returns {readonly string[]}
 */
export function heapFlags([name]) {
  return name === 'import' ? small : []
}
