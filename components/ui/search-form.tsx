import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'

/** A search that is an address: it works without scripts, and Back returns to it. */
export function SearchForm({ path, label, query }: Readonly<{ path: string; label: string; query: string }>) {
  return (
    <search className="no-print">
      <form action={path} method="get" className="flex max-w-xl flex-wrap items-end gap-2">
        <div className="min-w-0 flex-1 basis-60">
          <TextField id="q" name="q" label={label} type="search" defaultValue={query} autoComplete="off" />
        </div>
        <Button type="submit">Search</Button>
      </form>
    </search>
  )
}
