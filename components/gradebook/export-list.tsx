import { Section } from '@/components/ui/card'
import { ButtonLink, DownloadLink } from '@/components/ui/button'

export type ExportChoice = Readonly<{ id: string; label: string; purpose: string; cannotHold: readonly string[] }>

/** Every file the grades of a class and term can be taken away as, what each is for, and what it has no place for. */
export function ExportList({
  path,
  termId,
  choices,
}: Readonly<{ path: string; termId: string; choices: readonly ExportChoice[] }>) {
  return (
    <div className="no-print">
      <Section id="export" title="Export">
        <p className="max-w-prose text-ink-soft">
          Every file can be uploaded here again: what was not changed in it changes nothing, and nothing is asked. Does another
          system want its own file back with the grades in it? Have it filled.
        </p>
        <div>
          <ButtonLink href={`${path}/fill?term=${termId}`} prefetch={false}>
            Fill a file of another system
          </ButtonLink>
        </div>
        <ul className="grid gap-3 sm:grid-cols-2">
          {choices.map(({ id, label, purpose, cannotHold }) => (
            <li key={id} className="grid content-start gap-2 rounded-lg border border-line bg-surface p-4">
              <h3 className="text-base font-medium">{label}</h3>
              <p className="text-sm">{purpose}</p>
              <p className="text-sm text-ink-soft">Has no place for: {cannotHold.join('; ')}.</p>
              <div className="mt-1">
                <DownloadLink href={`${path}/export?format=${id}&term=${termId}`} label={`Download: ${label}`}>
                  Download
                </DownloadLink>
              </div>
            </li>
          ))}
        </ul>
      </Section>
    </div>
  )
}
