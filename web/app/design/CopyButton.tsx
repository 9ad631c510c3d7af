import { toast } from '../../state/toasts.ts'
import { useTexts } from '../useTexts.tsx'
import { Button } from './Button.tsx'
import { CopyIcon } from './icons.tsx'

/** `what` completes the accessible name, as in "Copy Ethereum address". */
export function CopyButton({ what, text }: { readonly what: string; readonly text: string }) {
  const { app } = useTexts()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      toast(`${app.copied}: ${what}`)
    } catch {
      toast(app.copyFailed)
    }
  }
  return (
    <Button aria-label={`${app.copy} ${what}`} onClick={() => void copy()} className="text-sm">
      <CopyIcon className="size-4" />
      {app.copy}
    </Button>
  )
}

/** A value for machines, to be looked at, selected and copied. */
export function Copyable({
  what,
  text,
  testId,
}: {
  readonly what: string
  readonly text: string
  readonly testId?: string
}) {
  return (
    <div className="flex flex-col items-start gap-2 sm:flex-row">
      <code data-testid={testId} className="min-w-0 flex-1 rounded-lg bg-sunken px-3 py-2 font-mono text-sm break-all">
        {text}
      </code>
      <CopyButton what={what} text={text} />
    </div>
  )
}
