import { Alert } from '@/components/ui/alert'
import { originalDays } from '@/lib/imports/limits'

/** An import that waited longer than its file is kept: it can be written as it is, but not read another way. */
export function FileGone({ classId }: Readonly<{ classId: string }>) {
  return (
    <Alert tone="watch" title={`The file was deleted after ${originalDays} days`}>
      <p>
        You can still write what Review shows. To change an answer,{' '}
        <a href={`/imports/new?class=${classId}`}>upload the file again</a>.
      </p>
    </Alert>
  )
}
