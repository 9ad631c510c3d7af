import { toast } from '../../state/toasts.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { Button } from './Button.tsx'
import { CopyIcon } from './icons.tsx'

interface CopyButtonProps {
  /** Completes the accessible name, as in "Copy Ethereum address". */
  readonly what: string
  readonly text: string
  /** On a phone without its word, beside what it copies. */
  readonly isSmall?: boolean
}

export function CopyButton({ what, text, isSmall = false }: CopyButtonProps) {
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
      <span className={isSmall ? 'max-sm:sr-only' : ''}>{app.copy}</span>
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
    <div className="flex items-start gap-2">
      <code
        data-testid={testId}
        className="flex min-h-11 min-w-0 flex-1 items-center rounded-xl bg-sunken px-3 py-2 font-mono text-sm break-all"
      >
        {text}
      </code>
      <CopyButton what={what} text={text} isSmall />
    </div>
  )
}
