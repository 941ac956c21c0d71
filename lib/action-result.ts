import type { ProblemCode } from '@/lib/errors'

/** What a server action answers when a person can mend it. Shared with the browser. */
export type ActionFailure = Readonly<{ ok: false; code: ProblemCode; message: string; fields: Readonly<Record<string, string>> }>

/** What every server action answers. */
export type ActionResult<Data> = Readonly<{ ok: true; data: Data }> | ActionFailure
