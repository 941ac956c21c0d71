import Link from 'next/link'
import { AssignmentChanges } from '@/components/imports/assignment-changes'
import { lookAddress, type ReviewLook } from '@/components/imports/review-address'
import { ReviewTable } from '@/components/imports/review-table'
import type { Format } from '@/components/ui/format'
import type { ReviewPage } from '@/lib/imports/views'

/** What an import changes, student by student or assignment by assignment. `path` is the page's address without a look. */
export function Changes(props: Readonly<{ review: ReviewPage; look: ReviewLook; path: string; format: Format }>) {
  const { look, path } = props
  const views = [
    { by: 'students', name: 'By student' },
    { by: 'assignments', name: 'By assignment' },
  ] as const
  return (
    <div className="grid min-w-0 gap-3">
      <nav aria-label="Ways to look at the changes" className="no-print">
        <ul className="flex flex-wrap gap-1">
          {views.map(({ by, name }) => (
            <li key={by}>
              <Pill href={lookAddress(path, { by, showsAll: look.showsAll })} isOn={look.by === by}>
                {name}
              </Pill>
            </li>
          ))}
          <li className="sm:ms-3">
            <Pill href={lookAddress(path, { ...look, from: 0, columnsFrom: 0, showsAll: !look.showsAll })} isOn={look.showsAll}>
              Also show what stays the same
            </Pill>
          </li>
        </ul>
      </nav>
      {look.by === 'students' ? <ReviewTable {...props} /> : <AssignmentChanges {...props} />}
    </div>
  )
}

function Pill({ href, isOn, children }: Readonly<{ href: string; isOn: boolean; children: string }>) {
  return (
    <Link
      href={href}
      prefetch={false}
      scroll={false}
      aria-current={isOn ? 'true' : undefined}
      className={`inline-flex min-h-8 items-center rounded-full px-3 text-sm no-underline ${
        isOn ? 'bg-ink text-paper' : 'text-ink shadow-[inset_0_0_0_1px_var(--line-strong)] hover:bg-accent-soft'
      }`}
    >
      {isOn && (
        <span aria-hidden="true" className="me-1.5">
          ✓
        </span>
      )}
      {children}
    </Link>
  )
}
