import { ButtonLink } from '@/components/ui/button'
import { CopyableReference } from '@/components/ui/copy-button'
import { PlainPage } from '@/components/shell/plain-page'
import { type ProblemCode, readDigest } from '@/lib/errors'

/** The one answer for what does not exist and for what this person may not see. */
export function NothingHere() {
  return (
    <PlainPage>
      <div className="grid gap-3">
        <h1 className="text-2xl">There is nothing here</h1>
        <p>
          The address may be wrong, or the page may be for somebody else. If you need it, ask your school's office to check your
          account.
        </p>
      </div>
      <div>
        <ButtonLink href="/" look="primary">
          Go to the start page
        </ButtonLink>
      </div>
    </PlainPage>
  )
}

type Saying = Readonly<{ title: string; text: string; isWorthRetrying: boolean }>

const surprise: Saying = {
  title: 'Something broke on our side',
  text: "What you were doing was not saved. Your grades are as they were. Try again; if it breaks again, tell your school's office this reference.",
  isWorthRetrying: true,
}

const suspended: Saying = {
  title: 'This school is paused',
  text: "Nobody can open or change grades here right now. Nothing was deleted. The school's office or the district can say when it opens again.",
  isWorthRetrying: false,
}

// What a page may throw that is no surprise: the code is all that reaches the browser of it.
const sayings: Readonly<Partial<Record<ProblemCode, Saying>>> = {
  unavailable: {
    title: "The school's data cannot be reached right now",
    text: "Nothing was lost. Try again in a minute; if it lasts, tell your school's office this reference.",
    isWorthRetrying: true,
  },
  school_suspended: suspended,
  school_read_only: {
    title: 'This school takes no changes right now',
    text: 'Nothing was saved and nothing was lost. Grades can be read; try to change them later.',
    isWorthRetrying: true,
  },
  rate_limited: {
    title: 'Too many requests at once',
    text: 'Nothing was saved and nothing was lost. Wait a minute, then try again.',
    isWorthRetrying: true,
  },
  conflict: {
    title: 'This cannot be shown as the school is set up now',
    text: "Nothing was lost. It may lack a term, or somebody changed it meanwhile. Try again; if it lasts, ask your school's office.",
    isWorthRetrying: true,
  },
}

/** A page that could not be shown: what that means for the person's work, what to do, and what to tell us. */
export function Failed({ error, retry }: Readonly<{ error: unknown; retry: () => void }>) {
  const digest = readDigest(error)
  const { title, text, isWorthRetrying } = (digest?.code && sayings[digest.code]) || surprise
  return (
    <PlainPage>
      <div className="grid gap-3">
        <h1 className="text-2xl">{title}</h1>
        <p>{text}</p>
        {digest !== null && (
          <p>
            Reference: <CopyableReference text={digest.reference} />
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        {isWorthRetrying && (
          <button type="button" onClick={retry} className="min-h-10 rounded-md bg-accent px-4 py-2 font-medium text-on-accent">
            Try again
          </button>
        )}
        <ButtonLink href="/">Go to the start page</ButtonLink>
      </div>
    </PlainPage>
  )
}

/** A suspended school: nothing is lost, and who can change it. */
export function SchoolSuspended({ schoolName }: Readonly<{ schoolName: string }>) {
  return (
    <PlainPage placeName={schoolName}>
      <div className="grid gap-3">
        <h1 className="text-2xl">{suspended.title}</h1>
        <p>{suspended.text}</p>
      </div>
    </PlainPage>
  )
}
