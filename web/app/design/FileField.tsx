import { useTexts } from '../texts/useTexts.tsx'
import { Field } from './Field.tsx'

interface FileFieldProps {
  readonly label: string
  readonly hint?: string
  readonly accept: string
  readonly error?: string | undefined
  /** The one that was chosen, where it is kept; not where its content is shown. */
  readonly file: File | undefined
  readonly onFile: (file: File | undefined) => void
}

/** Looks like a button, is the browser's own file input, and says what was chosen. */
export function FileField({ label, hint, accept, error, file, onFile }: FileFieldProps) {
  const { backup } = useTexts()
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <div className="flex flex-wrap items-center gap-3">
          <label className="inline-flex min-h-11 cursor-pointer items-center rounded-xl border border-control bg-surface px-4 py-2 text-[0.95rem] font-medium hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
            {backup.choose}
            <input
              {...control}
              type="file"
              accept={accept}
              aria-label={label}
              className="sr-only"
              onChange={({ target }) => {
                onFile(target.files?.[0])
              }}
            />
          </label>
          <span className="min-w-0 text-sm break-all">{file !== undefined && backup.chosen(file.name)}</span>
        </div>
      )}
    </Field>
  )
}
