import { useEffect, useState, type SubmitEvent } from 'react'
import { isAllowedNode } from '../jobs/broadcast.ts'
import { useRpcOrigins } from '../state/nodes.ts'
import { usePreferences } from '../state/preferences.ts'
import { toast } from '../state/toasts.ts'
import { useCommands } from './commands.ts'
import { Button } from './design/Button.tsx'
import { Card } from './design/Card.tsx'
import { Field } from './design/Field.tsx'
import { useTexts } from './useTexts.tsx'

/** The node that signed transactions can be sent to, among those that whoever serves this app allows; hidden without any. */
export function NodeSetting() {
  const { broadcast: texts } = useTexts()
  const commands = useCommands()
  const { origins } = useRpcOrigins()
  const stored = usePreferences((state) => state.rpcUrl)
  const [typed, setTyped] = useState(stored)
  const [isWrong, setIsWrong] = useState(false)
  useEffect(() => {
    void commands.loadNodes()
  }, [commands])
  if (origins.length === 0) return null
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const rpcUrl = typed.trim()
    const isRight = rpcUrl === '' || isAllowedNode(rpcUrl, origins)
    setIsWrong(!isRight)
    if (!isRight) return
    commands.prefer({ rpcUrl })
    toast(texts.saved)
  }
  return (
    <Card>
      <form onSubmit={submit} noValidate className="grid justify-items-start gap-4">
        <div className="w-full">
          <Field
            label={texts.node}
            hint={texts.nodeHint(origins.join(', '))}
            error={isWrong ? texts.notAllowed : undefined}
          >
            {(control) => (
              <input
                {...control}
                type="url"
                inputMode="url"
                autoComplete="off"
                spellCheck={false}
                maxLength={1000}
                value={typed}
                onChange={({ target }) => {
                  setTyped(target.value)
                }}
              />
            )}
          </Field>
        </div>
        <Button type="submit">{texts.save}</Button>
      </form>
    </Card>
  )
}
