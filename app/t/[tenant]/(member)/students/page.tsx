import type { Metadata } from 'next'
import { seen, single } from '@/app/seen'
import { SearchForm } from '@/components/ui/search-form'
import { StudentList } from '@/components/students/student-list'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { requireMember } from '@/lib/auth/session'
import { listStudents } from '@/lib/people/students'

export const metadata: Metadata = { title: 'Students' }

type Props = Readonly<{
  params: Promise<{ tenant: string }>
  searchParams: Promise<{ q?: string | string[]; cursor?: string | string[] }>
}>

export default async function StudentsPage({ params, searchParams }: Props) {
  const { ctx, viewer } = await requireMember('students.read', await params)
  const { q, cursor } = await searchParams
  const query = single(q)
  const at = single(cursor)
  const { items, nextCursor } = await seen(listStudents(ctx, viewer, { query, cursor: at }))
  return (
    <>
      <PageHeader title="Students" />
      <SearchForm path="/students" label="Name, e-mail or student number begins with" query={query ?? ''} />
      {items.length > 0 && <StudentList students={items} />}
      {items.length === 0 && query !== undefined && (
        <EmptyState title="No student found">
          Nobody you may see begins with “{query}”. Try fewer letters, or the last name.
        </EmptyState>
      )}
      {items.length === 0 && query === undefined && (
        <EmptyState title="No students yet">Students appear here with the first grade file of their class.</EmptyState>
      )}
      <Pagination path="/students" query={{ q: query }} nextCursor={nextCursor} isFirst={at === undefined} />
    </>
  )
}
