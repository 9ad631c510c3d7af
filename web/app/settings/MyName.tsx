import { useState } from 'react'
import { isName, visibleName } from '../../../tss-wasm/identity/walletName.ts'
import { usePreferences } from '../../state/preferences.ts'
import { toast } from '../../state/toasts.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { NameField } from '../design/NameField.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { deviceName } from './deviceName.ts'

export interface MyName {
  readonly typed: string
  readonly setTyped: (typed: string) => void
  readonly error: string | undefined
  /** The name, kept for next time; undefined, and said beside the field, where it is none. */
  readonly take: () => string | undefined
}

/** What we call ourselves: as it was kept, or as a person might begin. */
export function useMyName(): MyName {
  const { names } = useTexts()
  const commands = useCommands()
  const kept = usePreferences((state) => state.name)
  const [typed, setTyped] = useState(() => kept || deviceName(navigator.userAgent, names.deviceOn))
  const [error, setError] = useState<string>()
  return {
    typed,
    setTyped,
    error,
    take() {
      const name = visibleName(typed)
      setError(isName(name) ? undefined : names.missing)
      if (!isName(name)) return undefined
      if (name !== kept) commands.prefer({ name })
      return name
    },
  }
}

/** Asked with the first wallet; from then on only said. */
export function MyNameField({ typed, setTyped, error }: MyName) {
  const { app, names } = useTexts()
  const kept = usePreferences((state) => state.name)
  const [isAsked] = useState(kept === '')
  if (!isAsked) {
    return (
      <p className="text-sm text-muted">
        {names.appearAs(typed)}{' '}
        <a className="underline" href={hrefs.settings}>
          {app.settings}
        </a>
      </p>
    )
  }
  return <NameField isMine label={names.yours} hint={names.yoursHint} error={error} value={typed} onChange={setTyped} />
}

/** In the settings. */
export function MyNameCard() {
  const { names } = useTexts()
  const mine = useMyName()
  return (
    <Card>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (mine.take() !== undefined) toast(names.saved)
        }}
      >
        <NameField
          isMine
          label={names.yours}
          hint={names.settingsHint}
          error={mine.error}
          value={mine.typed}
          onChange={mine.setTyped}
          className="sm:max-w-96"
        />
        <Button type="submit" className="justify-self-start">
          {names.save}
        </Button>
      </form>
    </Card>
  )
}
