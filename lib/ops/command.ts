import 'server-only'

type Described = Readonly<{
  /** The first word after `ops --`. */
  name: string
  /** One line for the list of commands. */
  summary: string
}>

/** A command of `npm run ops`. It prints its answer; `ProblemError` and `EnvironmentError` are failures a person can mend. */
export type Command = Described & Readonly<{ run: (args: readonly string[]) => Promise<void> }>

/** A command whose exit code is part of its answer. */
export type AnsweringCommand = Described & Readonly<{ answer: (args: readonly string[]) => Promise<number> }>
