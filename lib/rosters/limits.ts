/** Limits of a roster. Each stands in the sentence that refuses a file, so that nobody has to guess. */

/** Rows of one table: the largest school has some 5,000 students in 8 classes each. */
export const rosterRowsMax = 100_000
/** Bytes of one table once unpacked. */
export const rosterTableBytesMax = 40 * 1024 * 1024
/** Cells of one table: what reading it may hold in memory. */
export const rosterCellsMax = 3_000_000
/** When more of one kind than this would be removed, a second person-made step has to repeat the number. */
export const removalPercentMax = 10
/** A roster can be undone for this long after its commit. */
export const rosterUndoDays = 30
export const rosterNameCharsMax = 200
