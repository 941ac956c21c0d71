/** The step Shape: how bytes became rows, numbers and dates, and every other way there is. Pure. */
import type { ImportChoices } from './choices'
import { encodings } from './decode'
import type { StoredReading } from './stored-reading'
import { delimiters } from './tokenize'
import type { IgnoredPart } from './views'
import type { Chip, ShapeView } from './wizard-views'

const encodingLabels: Readonly<Record<string, string>> = {
  'utf-8': 'UTF-8 (usual)',
  'utf-16le': 'UTF-16 (Excel “Unicode text”)',
  'utf-16be': 'UTF-16, big end first',
  'windows-1252': 'Windows, Western',
  'windows-1251': 'Windows, Cyrillic',
  macintosh: 'Mac Roman (old Mac)',
  big5: 'Big5 (Chinese)',
}
const delimiterLabels: Readonly<Record<string, string>> = {
  ',': 'Comma ,',
  ';': 'Semicolon ;',
  '\t': 'Tab',
  '|': 'Bar |',
  ':': 'Colon :',
}
const headingCharsMax = 60

/** Ways of reading that are in force, as chips with the other ways beside them. */
export function shapeOf(reading: StoredReading, choices: ImportChoices, ignored: readonly IgnoredPart[]): ShapeView {
  const { encoding, delimiter, part, parts, preview, samples } = reading
  return {
    encoding: encoding === null ? null : chip(encoding, choices.encoding, encodings, encodingLabels, samples.encodings),
    delimiter: delimiter === null ? null : chip(delimiter, choices.delimiter, delimiters, delimiterLabels, null),
    part: part === null || parts.length < 2 ? null : chip(part, choices.part, parts, {}, null),
    headingRow: headingChip(reading, choices),
    numbers: chip(reading.decimal, choices.numbers, ['.', ','], { '.': 'Point: 1.5', ',': 'Comma: 1,5' }, samples.numbers),
    dates: chip(reading.dateOrder, choices.dates, ['dmy', 'mdy'], { dmy: 'Day first', mdy: 'Month first' }, samples.dates),
    preview,
    skipped: ignored.filter(({ kind }) => kind === 'row' || kind === 'part'),
  }
}

function chip(
  value: string,
  chosen: string | undefined,
  values: readonly string[],
  labels: Readonly<Record<string, string>>,
  samples: Readonly<Record<string, string>> | null,
): Chip {
  const all = values.includes(value) ? values : [value, ...values]
  const options = all.map((each) => ({ value: each, label: labels[each] ?? each, sample: samples?.[each] || null }))
  return { value, isChosen: chosen !== undefined, options }
}

function headingChip({ headingRow, preview }: StoredReading, choices: ImportChoices): Chip {
  const options = preview.flatMap(({ row, cells }) => {
    const sample = cells
      .filter((cell) => cell !== '')
      .join(', ')
      .slice(0, headingCharsMax)
    return sample === '' ? [] : [{ value: String(row), label: `Row ${row}`, sample }]
  })
  return { value: String(headingRow), isChosen: choices.headingRow !== undefined, options }
}
