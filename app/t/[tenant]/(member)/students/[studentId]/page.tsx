import type { Metadata } from 'next'
import { seen, single } from '@/app/seen'
import { Breadcrumbs } from '@/components/shell/breadcrumbs'
import { StudentRecord } from '@/components/students/student-record'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { TermSwitch } from '@/components/ui/term-switch'
import { loadStudent } from '@/lib/people/student-record'
import { requireReader } from '../../../reader'

export const metadata: Metadata = { title: 'Student' }

type Props = Readonly<{
  params: Promise<{ tenant: string; studentId: string }>
  searchParams: Promise<{ term?: string | string[] }>
}>

export default async function StudentPage({ params, searchParams }: Props) {
  const { tenant, studentId } = await params
  const { ctx, viewer } = await requireReader({ tenant })
  const termId = single((await searchParams).term)
  const student = await seen(loadStudent(ctx, viewer, studentId, { termId }))
  const isStaff = viewer.rights.has('students.read')
  const path = `/students/${studentId}`
  return (
    <>
      <Breadcrumbs trail={[isStaff ? { href: '/students', label: 'Students' } : { href: '/', label: 'Home' }]} />
      <PageHeader
        title={<bdi>{student.name}</bdi>}
        facts={[student.email ?? '', student.term.name].filter((fact) => fact !== '').join(' · ')}
      />
      <TermSwitch path={path} terms={student.terms} current={student.term} />
      {student.classes.length === 0 ? (
        <EmptyState title="No classes in this term">
          There is nothing to show for {student.term.name}. Another term may have grades.
        </EmptyState>
      ) : (
        <StudentRecord student={student} linksClasses={isStaff} format={ctx} />
      )}
    </>
  )
}
