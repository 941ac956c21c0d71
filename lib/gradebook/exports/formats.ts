import { brightspace } from './brightspace'
import { canvas } from './canvas'
import type { ExportFormat } from './format'
import { googleClassroom } from './google-classroom'
import { moodle } from './moodle'
import { oneRoster11, oneRoster12 } from './one-roster'
import { template } from './template'
import { xlsx } from './xlsx'

/** Every format there is, in the order pages list them. */
export const exportFormats: readonly ExportFormat[] = [
  template,
  xlsx,
  canvas,
  googleClassroom,
  moodle,
  brightspace,
  oneRoster11,
  oneRoster12,
]
