import { FindSchool } from '@/components/shell/find-school'
import { Mark } from '@/components/shell/shell'
import { Card } from '@/components/ui/card'
import { findSchool } from './actions'

const steps = [
  ['Drop your grade file', 'The spreadsheet you already have: our template, or what Google Classroom gives you.'],
  ['See every change', 'Cell by cell, old to new, before anything is written. Whatever is left out is listed with its reason.'],
  ['Write it, or undo it', 'One button writes it all. One button takes it all back, for 30 days.'],
] as const

export default function ApexPage() {
  return (
    <main id="main" className="mx-auto grid max-w-5xl gap-12 px-4 py-10 sm:py-16">
      <p className="flex items-center gap-2.5 text-lg font-semibold">
        <Mark />
        Grade Insight
      </p>
      <div className="grid items-start gap-10 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid gap-4">
          <h1 className="text-4xl sm:text-5xl">Your grade file, made useful</h1>
          <p className="max-w-prose text-lg text-ink-soft">
            Grade Insight turns the spreadsheet a teacher already has into a gradebook that students, families and districts can
            act on. Each school has its own address, and its grades stay there.
          </p>
        </div>
        <Card className="grid gap-4">
          <h2 className="text-xl">Find your school</h2>
          <FindSchool action={findSchool} />
        </Card>
      </div>
      <section aria-labelledby="how" className="grid gap-4">
        <h2 id="how" className="text-xl">
          How it works
        </h2>
        <ol className="grid gap-4 sm:grid-cols-3">
          {steps.map(([title, text], index) => (
            <li key={title} className="grid content-start gap-1 border-t-2 border-accent pt-3">
              <p className="font-semibold">
                {index + 1}. {title}
              </p>
              <p className="text-ink-soft">{text}</p>
            </li>
          ))}
        </ol>
      </section>
    </main>
  )
}
