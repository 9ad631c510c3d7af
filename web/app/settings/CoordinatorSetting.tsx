import { useState, type SubmitEvent } from 'react'
import { useCoordinators } from '../../state/coordinators.ts'
import { usePreferences } from '../../state/preferences.ts'
import { toast } from '../../state/toasts.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Field } from '../design/Field.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** Where somebody else serves the app: before anything else, and before anybody is asked anything. */
export function ChooseCoordinator() {
  const { coordinators } = useTexts()
  return (
    <div className="grid gap-5">
      <PageTitle>{coordinators.chooseTitle}</PageTitle>
      <p className="text-muted">{coordinators.choose}</p>
      <Choice />
    </div>
  )
}

/** Hidden where the app's own server is the coordinator. */
export function CoordinatorSetting() {
  const isOffered = useCoordinators(({ offered }) => offered.length > 0)
  return isOffered ? <Choice /> : null
}

function Choice() {
  const { coordinators } = useTexts()
  const commands = useCommands()
  const { offered } = useCoordinators()
  const pinned = usePreferences((state) => state.coordinator)
  const [origin, setOrigin] = useState(pinned)
  // One that is no longer offered stays the chosen one until its person says otherwise.
  const choices = pinned === '' || offered.includes(pinned) ? offered : [pinned, ...offered]
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const next = origin === '' ? offered[0] : origin
    if (next === undefined || next === pinned) return
    const isDone = await commands.chooseCoordinator(next)
    toast(isDone ? coordinators.chosen(next) : coordinators.underWay)
    if (!isDone) setOrigin(pinned)
  }
  return (
    <Card>
      <form onSubmit={(event) => void submit(event)} className="grid justify-items-start gap-4">
        <div className="w-full">
          <Field label={coordinators.label} hint={coordinators.hint}>
            {(control) => (
              <select
                {...control}
                value={origin}
                onChange={({ target }) => {
                  setOrigin(target.value)
                }}
              >
                {choices.map((choice) => (
                  <option key={choice} value={choice}>
                    {choice}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <Button type="submit">{coordinators.use}</Button>
      </form>
    </Card>
  )
}
