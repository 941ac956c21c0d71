/** Why a run of a job was stopped from outside: the reasons an import's signal is aborted with. */
export class JobStopped extends Error {
  readonly why: 'cancelled' | 'taken_over' | 'shutdown'

  constructor(why: JobStopped['why']) {
    super(`the job was stopped: ${why}`)
    this.name = 'JobStopped'
    this.why = why
  }
}

/** A run gave its job back for another one; what there is to say of it stands in the log already. */
export class HandedBack extends Error {
  constructor() {
    super('to be repeated')
    this.name = 'HandedBack'
  }
}
