import { ButtonLink } from '@/components/ui/button'
import { CopyableReference } from '@/components/ui/copy-button'
import { PlainPage } from '@/components/shell/plain-page'

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

/** A failure of ours: what it means for the person's work, what to do, and what to tell us. */
export function SomethingBroke({ reference, retry }: Readonly<{ reference: string | null; retry?: () => void }>) {
  return (
    <PlainPage>
      <div className="grid gap-3">
        <h1 className="text-2xl">Something broke on our side</h1>
        <p>
          What you were doing was not saved. Your grades are as they were. Try again; if it breaks again, tell your school's
          office this reference.
        </p>
        {reference !== null && (
          <p>
            Reference: <CopyableReference text={reference} />
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        {retry !== undefined && (
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
        <h1 className="text-2xl">This school is paused</h1>
        <p>
          Nobody can open or change grades here right now. Nothing was deleted. The school's office or the district can say when
          it opens again.
        </p>
      </div>
    </PlainPage>
  )
}
