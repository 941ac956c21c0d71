import type { ReactNode } from 'react'
import { ProblemList } from '@/components/imports/problem-list'
import { countOf, type Format } from '@/components/ui/format'
import type { FillView } from '@/lib/imports/fill-views'

/** Everything of a filled file that was not filled, each kind with its reason; what there is none of is not mentioned. */
export function FillLists({ view, format }: Readonly<{ view: FillView; format: Format }>) {
  const { differences, differenceCount, unwritten, unwrittenCount, strangers, absent, problems, overwrites } = view
  const cells = (count: number) => countOf(count, 'cell', 'cells', format)
  return (
    <div className="grid gap-3">
      {differenceCount > 0 && (
        <Part
          title={
            overwrites
              ? `${cells(differenceCount)} held something else and got the grade from here`
              : `${cells(differenceCount)} hold something else than the gradebook and were kept`
          }
          rest={differenceCount - differences.length}
          format={format}
        >
          {differences.map(({ row, student, title, file, own }) => (
            <li key={`${row} ${title}`}>
              Row {row}, <bdi>{student}</bdi>, <bdi>{title}</bdi>: {file} in the file, {own} here
            </li>
          ))}
        </Part>
      )}
      {unwrittenCount > 0 && (
        <Part
          title={`${countOf(unwrittenCount, 'grade', 'grades', format)} could not be written`}
          rest={unwrittenCount - unwritten.length}
          format={format}
        >
          {unwritten.map(({ row, student, title, own, why }) => (
            <li key={`${row} ${title}`}>
              Row {row}, <bdi>{student}</bdi>, <bdi>{title}</bdi>: {own}. {why}
            </li>
          ))}
        </Part>
      )}
      {strangers.length > 0 && (
        <Part
          title={`${countOf(strangers.length, 'student', 'students', format)} of the file are not in this class`}
          rest={0}
          format={format}
        >
          {strangers.map(({ row, name }) => (
            <li key={row}>
              Row {row}: <bdi>{name}</bdi>
            </li>
          ))}
        </Part>
      )}
      {absent.length > 0 && (
        <Part
          title={`${countOf(absent.length, 'student', 'students', format)} of this class are not in the file`}
          rest={0}
          format={format}
        >
          {absent.map((name, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two students may share a name, and the list never changes its order
            <li key={`${at} ${name}`}>
              <bdi>{name}</bdi>
            </li>
          ))}
        </Part>
      )}
      {problems.length > 0 && (
        <>
          <h2 className="text-lg">Rows that could not be read</h2>
          <ProblemList problems={problems} format={format} />
        </>
      )}
    </div>
  )
}

function Part({ title, rest, format, children }: Readonly<{ title: string; rest: number; format: Format; children: ReactNode }>) {
  return (
    <details className="rounded-md border border-line bg-surface px-4 py-2">
      <summary className="min-h-8 cursor-pointer py-1 font-medium">{title}</summary>
      <ul className="grid list-disc gap-1 py-2 ps-5 text-sm">
        {children}
        {rest > 0 && <li>{countOf(rest, 'more is', 'more are', format)} not listed one by one.</li>}
      </ul>
    </details>
  )
}
