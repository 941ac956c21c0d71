import Link from 'next/link'
import { ClassList } from '@/components/gradebook/class-list'
import { ImportList } from '@/components/imports/import-list'
import { StudentHome } from '@/components/students/student-home'
import { ButtonLink } from '@/components/ui/button'
import { Section } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import type { Visit } from '@/lib/auth/session'
import { listClasses } from '@/lib/gradebook/classes'
import { listImports } from '@/lib/imports/list'
import { loadStudent } from '@/lib/people/student-record'
import { listOwnStudents } from '@/lib/people/students'
import { requireReader } from '../reader'

/** Home by role: own students first for families, classes for those who teach, the school's parts for its admin. */
export default async function HomePage({ params }: Readonly<{ params: Promise<{ tenant: string }> }>) {
  const visit = await requireReader(await params)
  const { rights } = visit.viewer
  return (
    <>
      {rights.has('own.read') && <OwnStudents {...visit} />}
      {rights.has('classes.read') && <Teaching {...visit} />}
    </>
  )
}

async function OwnStudents({ ctx, viewer, member }: Visit) {
  const own = await listOwnStudents(ctx, viewer)
  const records = await Promise.all(own.map(({ id }) => loadStudent(ctx, viewer, id)))
  return <StudentHome students={records.filter((record) => record !== null)} ownId={member.studentId} format={ctx} />
}

async function Teaching({ ctx, viewer, member }: Visit) {
  const [classes, imports] = await Promise.all([
    listClasses(ctx, viewer, { limit: 12 }),
    viewer.rights.has('grades.import') ? listImports(ctx, viewer, {}) : null,
  ])
  const isAdmin = viewer.rights.has('people.read')
  const canImport = viewer.rights.has('grades.import') && ctx.status !== 'read_only'
  const recent = imports?.items.slice(0, 5) ?? []
  return (
    <>
      <PageHeader
        title={isAdmin ? ctx.name : `Hello, ${member.displayName}`}
        facts={
          isAdmin ? 'Classes, people and everything that changes grades.' : 'Your classes and when their grades last changed.'
        }
        actions={
          canImport && classes.items.length > 0 ? (
            <ButtonLink href="/imports/new" look="primary">
              Upload a grade file
            </ButtonLink>
          ) : undefined
        }
      />
      <Section
        id="home-classes"
        title={isAdmin ? 'Classes' : 'Your classes'}
        aside={classes.nextCursor !== null && <Link href="/classes">All classes</Link>}
      >
        {classes.items.length === 0 ? (
          <EmptyState title="No classes yet">
            {isAdmin
              ? 'Classes appear here once they are set up for this school.'
              : "Your school's office has not given you a class yet. Ask them to add you as its teacher."}
          </EmptyState>
        ) : (
          <ClassList classes={classes.items} canImport={canImport} format={ctx} />
        )}
      </Section>
      {recent.length > 0 && (
        <Section id="home-imports" title="Latest imports" aside={<Link href="/imports">All imports</Link>}>
          <ImportList imports={recent} format={ctx} />
        </Section>
      )}
      {isAdmin && (
        <Section id="home-school" title="The school">
          <ul className="flex flex-wrap gap-2">
            <li>
              <ButtonLink href="/people">People</ButtonLink>
            </li>
            <li>
              <ButtonLink href="/students">Students</ButtonLink>
            </li>
            <li>
              <ButtonLink href="/audit">Audit</ButtonLink>
            </li>
          </ul>
        </Section>
      )}
    </>
  )
}
