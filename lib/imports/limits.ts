/** Limits of an upload. Each stands in the sentence that refuses a file, so that nobody has to guess. */

/** Bytes of the file; the same limit stands at the ingress, in Next and in the form. */
export const importBytesMax = 20 * 1024 * 1024
/** Rows that hold anything, of a table with one row a student. */
export const importRowsMax = 20_000
/** The same of a table with one row a score. */
export const importScoreRowsMax = 200_000
export const importColumnsMax = 1_000
/** Rows times columns: what one plan may hold in memory. */
export const importCellsMax = 2_000_000
export const importCellCharsMax = 10_000
/** Files of a ZIP archive, and the bytes of all of them unpacked. */
export const archiveFilesMax = 1_000
export const archiveBytesMax = 100 * 1024 * 1024
/** Text packs to a tenth or a fiftieth of its size, what is made to harm to a thousandth. Counts for files above 1 MB. */
export const archiveRatioMax = 200
/**
 * What is planned, written and undone within the request that asks for it; a worker does what is larger. On two cores that eight others
 * were using, 30,000 cells (a class of 500 with 60 assignments) took 0.7 s to plan and 0.6 s to write, 60,000 took 1.1 and 1.8 s:
 * beyond it a person would look at a button for seconds, and the pages of other schools would share one event loop with the file.
 */
export const requestCellsMax = 40_000
export const requestBytesMax = 1024 * 1024
/** The same for workbooks and archives: packed, a cell takes 3 to 5 bytes. */
export const requestPackedBytesMax = 200 * 1024
/** Cells one statement of a commit writes: about half a second of the database's time. */
export const cellsPerStatement = 50_000
/** The same where the work rests between statements: 5 to 10 ms, less than a page takes, so that no page meets nothing but work. */
export const cellsPerPacedStatement = 1_000
/** Problems that are listed one by one; the rest is counted. Questions that block are always listed. */
export const importProblemsMax = 500
/** The heading row is looked for in the first rows only. */
export const headerSearchRows = 25
/** An import can be undone for this long after its commit. */
export const undoDays = 30
/** An uploaded file is kept for this long. */
export const originalDays = 90
/** Points of a new assignment when the file does not say. */
export const defaultMaxPoints = '100'
/** What numeric(9,3) of the grades table holds. */
export const scoreMax = 999_999.999
export const titleCharsMax = 300
/** Bytes of a file that is handed back filled: it travels through the page, and holds one class. */
export const fillBytesMax = 1024 * 1024
