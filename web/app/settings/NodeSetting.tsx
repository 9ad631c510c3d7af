import { useEffect, useState, type SubmitEvent } from 'react'
import { isAllowedNode } from '../../jobs/broadcast.ts'
import { useRpcOrigins } from '../../state/nodes.ts'
import { usePreferences } from '../../state/preferences.ts'
import { toast } from '../../state/toasts.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Field, verbatim } from '../design/Field.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** The nodes that signed transactions can be sent to, among those that whoever serves this app allows; hidden without any. */
export function NodeSetting() {
  const { broadcast: texts } = useTexts()
  const commands = useCommands()
  const { origins } = useRpcOrigins()
  const ethereum = useAddress('rpcUrl', origins)
  const bitcoin = useAddress('esploraUrl', origins)
  useEffect(() => {
    void commands.loadNodes()
  }, [commands])
  if (origins.length === 0) return null
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const areRight = [ethereum.check(), bitcoin.check()]
    if (areRight.includes(false)) return
    commands.prefer({ rpcUrl: ethereum.url, esploraUrl: bitcoin.url })
    toast(texts.saved)
  }
  return (
    <Card title={texts.nodes}>
      <form onSubmit={submit} noValidate className="grid justify-items-start gap-4">
        <p className="text-muted">{texts.nodesText(origins.join(', '))}</p>
        <Address {...ethereum} label={texts.ethereumNode} hint={texts.ethereumHint} />
        <Address {...bitcoin} label={texts.bitcoinNode} hint={texts.bitcoinHint} />
        <Button type="submit">{texts.save}</Button>
      </form>
    </Card>
  )
}

/** As typed, until it is checked and stored. */
function useAddress(preference: 'rpcUrl' | 'esploraUrl', origins: readonly string[]) {
  const stored = usePreferences((state) => state[preference])
  const [typed, setTyped] = useState(stored)
  const [isWrong, setIsWrong] = useState(false)
  const url = typed.trim()
  const check = () => {
    const isRight = url === '' || isAllowedNode(url, origins)
    setIsWrong(!isRight)
    return isRight
  }
  return { typed, setTyped, isWrong, url, check }
}

interface AddressProps {
  readonly label: string
  readonly hint: string
  readonly typed: string
  readonly setTyped: (typed: string) => void
  readonly isWrong: boolean
}

function Address({ label, hint, typed, setTyped, isWrong }: AddressProps) {
  const { broadcast: texts } = useTexts()
  return (
    <div className="w-full">
      <Field label={label} hint={hint} error={isWrong ? texts.notAllowed : undefined}>
        {(control) => (
          <input
            {...control}
            type="url"
            inputMode="url"
            {...verbatim}
            maxLength={1000}
            value={typed}
            onChange={({ target }) => {
              setTyped(target.value)
            }}
          />
        )}
      </Field>
    </div>
  )
}
