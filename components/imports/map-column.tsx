import type { ReactNode } from 'react'
import { columnField, columnMark } from '@/components/imports/choice-fields'
import { confidenceWords, fieldsOf, identityWords, outcomeWords } from '@/components/imports/map-words'
import { Badge } from '@/components/ui/badge'
import { SelectField, TextField } from '@/components/ui/field'
import { formatDay, formatNumber, type Format } from '@/components/ui/format'
import { identityRoles } from '@/lib/imports/formats/format'
import type { MapColumn, MapView } from '@/lib/imports/wizard-views'

/** One column of the file: what it is, how sure that is, a few of its cells, and everything that can be said about it. */
export function MapColumnCard({
  column,
  map,
  format,
}: Readonly<{ column: MapColumn; map: Pick<MapView, 'assignments'>; format: Format }>) {
  const { at, name, heading, reason, isPrivate, choice } = column
  const fields = fieldsOf(column)
  const field = (of: keyof typeof fields) => {
    const id = columnField(at, of)
    // A new key when the server has another value, so that the field shows it; the same one leaves what was typed alone.
    return { key: `${id} ${fields[of]}`, id, name: id, defaultValue: fields[of] }
  }
  const { key: useKey, ...use } = field('use')
  return (
    <li className="keep-together rounded-lg border border-line bg-surface">
      <details className="group">
        <summary className="grid gap-x-4 gap-y-1 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center">
          <span className="grid min-w-0 gap-0.5">
            <span className="flex flex-wrap items-baseline gap-x-2">
              <span aria-hidden="true" className="inline-block text-ink-soft group-open:hidden rtl:-scale-x-100">
                ▸
              </span>
              <span aria-hidden="true" className="hidden text-ink-soft group-open:inline">
                ▾
              </span>
              <span className="text-sm text-ink-soft">Column {name}</span>
              <bdi className="font-semibold [overflow-wrap:anywhere]">{heading === '' ? '(no heading)' : heading}</bdi>
            </span>
            <Samples column={column} />
          </span>
          <span className="flex flex-wrap items-center gap-2">
            <Badge tone={column.role === 'ignored' ? 'plain' : 'accent'}>{outcomeWords(column)}</Badge>
            <Confidence column={column} />
          </span>
        </summary>
        <div className="grid gap-4 border-t border-line p-4">
          {reason !== null && choice === null && <p className="text-sm">{reason}</p>}
          {isPrivate && <PrivateHint />}
          <input type="hidden" name={columnField(at, 'was')} value={columnMark(fields)} />
          <div className="grid gap-4 sm:grid-cols-2">
            <SelectField key={useKey} label={`What column ${name} is`} {...use}>
              {choice !== null && <option value="">Let the file decide</option>}
              <option value="assignment">Scores of an assignment</option>
              <option value="ignore">Not used</option>
              <optgroup label="Says who the student is">
                {identityRoles.map((role) => (
                  <option key={role} value={`identity:${role}`}>
                    {identityWords[role]}
                  </option>
                ))}
              </optgroup>
            </SelectField>
          </div>
          <AssignmentFields column={column} map={map} field={field} format={format} />
        </div>
      </details>
    </li>
  )
}

type FieldOf = (of: 'to' | 'title' | 'points' | 'due' | 'category' | 'tags') => Readonly<{
  key: string
  id: string
  name: string
  defaultValue: string
}>

function AssignmentFields({
  column,
  map,
  field,
  format,
}: Readonly<{ column: MapColumn; map: Pick<MapView, 'assignments'>; field: FieldOf; format: Format }>) {
  const of = (name: Parameters<FieldOf>[0]) => {
    const { key, ...rest } = field(name)
    return [key, rest] as const
  }
  const [[toKey, to], [titleKey, title], [pointsKey, points]] = [of('to'), of('title'), of('points')]
  const [[dueKey, due], [categoryKey, category], [tagsKey, tags]] = [of('due'), of('category'), of('tags')]
  return (
    <fieldset className="grid min-w-0 items-end gap-4 sm:grid-cols-2 lg:grid-cols-3">
      <legend className="mb-2 text-sm text-ink-soft">If it holds scores of an assignment</legend>
      <SelectField key={toKey} label="Goes to" {...to}>
        <option value="new">A new assignment</option>
        {map.assignments.map(({ id, title: known, maxPoints, dueOn }) => (
          <option key={id} value={id}>
            {[known, `of ${formatNumber(maxPoints, format)}`, ...(dueOn === null ? [] : [formatDay(dueOn, format)])].join(', ')}
          </option>
        ))}
      </SelectField>
      <TextField key={titleKey} label="Title" maxLength={300} dir="auto" {...title} />
      <TextField key={pointsKey} label="Points" inputMode="decimal" hint={pointsHint(column)} {...points} />
      <TextField key={dueKey} label="Date" type="date" {...due} />
      <TextField
        key={categoryKey}
        label="Category"
        hint={categoryHint(column)}
        list="map-categories"
        maxLength={100}
        dir="auto"
        {...category}
      />
      <TextField key={tagsKey} label="Tags" hint={tagsHint(column)} list="map-tags" dir="auto" {...tags} />
    </fieldset>
  )
}

function pointsHint({ maxPoints }: MapColumn): string | undefined {
  return maxPoints === null ? 'The file does not say. Empty means 100.' : undefined
}

function categoryHint({ target }: MapColumn): ReactNode {
  if (target === null) return undefined
  if (target.category === null) return 'It is in none.'
  return (
    <>
      It is in <bdi>{target.category}</bdi>. Empty keeps it there.
    </>
  )
}

function tagsHint({ target }: MapColumn): string {
  return target === null ? 'Commas between them' : 'Commas between them. Those it has stay.'
}

function Samples({ column: { samples, isPrivate } }: Readonly<{ column: MapColumn }>) {
  if (isPrivate) return <span className="text-sm text-ink-soft">Its cells are not shown and not kept.</span>
  if (samples.length === 0) return <span className="text-sm text-ink-soft">No filled cell</span>
  return (
    <span className="text-sm text-ink-soft [overflow-wrap:anywhere]">
      For example{' '}
      {samples.map((sample, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: samples may repeat and never reorder
        <span key={index}>
          {index > 0 && ' · '}
          <bdi>{sample}</bdi>
        </span>
      ))}
    </span>
  )
}

function Confidence({ column }: Readonly<{ column: MapColumn }>) {
  if (column.role === 'ignored' && column.choice === null) return null
  const { word, tone } = confidenceWords(column)
  return <Badge tone={tone}>{word}</Badge>
}

function PrivateHint() {
  return (
    <p className="max-w-prose text-sm">
      This looks like personal data that a gradebook does not need, so it was left out. Do you need it? Say below what the column
      is and press “Use these columns”. As its cells were not kept, we then ask for the same file once more.
    </p>
  )
}
