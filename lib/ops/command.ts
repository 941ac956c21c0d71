import 'server-only'

/** A command of `npm run ops`. It prints its answer; `ProblemError` and `EnvironmentError` are failures a person can mend. */
export type Command = Readonly<{
  /** The first word after `ops --`. */
  name: string
  /** One line for the list of commands. */
  summary: string
  run: (args: readonly string[]) => Promise<void>
}>
