import { ProblemError } from '@/lib/errors'
import type { ImportProblem } from './views'

/** A file that holds nothing to import, read the way it was asked for. The message is the first problem's; all of them come with it. */
export class UnreadableFile extends ProblemError {
  readonly problems: readonly ImportProblem[]

  constructor(problems: readonly ImportProblem[]) {
    const [first] = problems
    super('invalid_input', `${first?.message ?? 'The file cannot be read this way.'} ${first?.fix ?? ''}`.trim())
    this.problems = problems
  }
}
