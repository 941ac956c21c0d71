import Link from 'next/link'
import { MissingFirst, StudentRecord } from '@/components/students/student-record'
import { EmptyState } from '@/components/ui/empty-state'
import { countOf, type Format } from '@/components/ui/format'
import { PageHeader } from '@/components/ui/page-header'
import type { StudentView } from '@/lib/gradebook/views'

/** The first page of a student or guardian: what is missing and what to do first, for each child. One record is shown whole. */
export function StudentHome({
  students,
  ownId,
  format,
}: Readonly<{ students: readonly StudentView[]; ownId: string | null; format: Format }>) {
  const [only] = students
  if (only === undefined) {
    return (
      <EmptyState title="No student is linked to your account">
        Ask your school's office to link you. They need your e-mail and the student's name.
      </EmptyState>
    )
  }
  if (students.length === 1) {
    return (
      <>
        <PageHeader title={only.id === ownId ? 'Your grades' : <bdi>{only.name}</bdi>} facts={only.term.name} />
        <StudentRecord student={only} linksClasses={false} format={format} />
      </>
    )
  }
  return (
    <>
      <PageHeader title="Your children" facts={countOf(students.length, 'student', 'students', format)} />
      {students.map((student) => (
        <section key={student.id} aria-labelledby={`child-${student.id}`} className="grid gap-2">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <h2 id={`child-${student.id}`} className="text-xl">
              <bdi>{student.name}</bdi>
            </h2>
            <Link href={`/students/${student.id}`} prefetch={false} aria-label={`All grades of ${student.name}`}>
              All grades
            </Link>
          </div>
          <MissingFirst student={student} headingLevel="h3" format={format} />
        </section>
      ))}
    </>
  )
}
