import { useRef, useState, type SubmitEvent } from 'react'
import type { PinnedParty } from '../../../participant/session/serverParties.ts'
import { visibleName } from '../../../tss-wasm/identity/walletName.ts'
import { isRunning, useCeremony } from '../../state/ceremony.ts'
import { usePreparation } from '../../state/preparation.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Field } from '../design/Field.tsx'
import { Notice } from '../design/Notice.tsx'
import { NewPassphraseFields, useNewPassphrase } from '../passphrase/NewPassphrase.tsx'
import { KeepingNotice } from '../passphrase/KeepingNotice.tsx'
import { Threshold } from './Threshold.tsx'
import { PartyChoice, seatsProblem, type Parties } from './PartyChoice.tsx'
import { MyNameField, useMyName } from '../settings/MyName.tsx'
import { useTexts } from '../texts/useTexts.tsx'

const longestName = 60
const usualServers = 2

export function CreateForm({ serverParties }: { readonly serverParties: readonly PinnedParty[] }) {
  const { create } = useTexts()
  const commands = useCommands()
  const busy = useCeremony((state) => isRunning(state.current))
  const preparation = usePreparation()
  const name = useRef<HTMLInputElement>(null)
  const passphrase = useNewPassphrase()
  const mine = useMyName()
  const [parties, setParties] = useState<Parties>(() => startingWith(serverParties))
  const [wanted, setWanted] = useState<number>()
  const [tried, setTried] = useState(false)
  const [nameError, setNameError] = useState<string>()

  const count = 1 + parties.servers.length + parties.people.length
  const threshold = Math.min(Math.max(wanted ?? Math.floor(count / 2) + 1, 2), Math.max(count, 2))
  const problem = seatsProblem(parties, create)

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    setTried(true)
    const label = visibleName(name.current?.value ?? '')
    const wrongName = label === '' ? create.nameMissing : label.length > longestName ? create.nameLong : undefined
    setNameError(wrongName)
    const myName = mine.take()
    const strong = await passphrase.check()
    if (myName === undefined || wrongName !== undefined || problem !== undefined || !strong) {
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    const { servers, people } = parties
    const names = people.map((person) => visibleName(person.name))
    await commands.create({
      name: label,
      myName,
      threshold,
      serverParties: servers,
      people: names,
      passphrase: passphrase.take(),
    })
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
      <KeepingNotice />
      <Card>
        <div className="grid gap-5">
          <Field label={create.name} hint={create.nameHint} error={nameError}>
            {(control) => (
              <input {...control} ref={name} name="wallet-name" maxLength={longestName} autoComplete="off" />
            )}
          </Field>
          <MyNameField {...mine} />
        </div>
      </Card>
      {serverParties.length === 0 && (
        <Notice title={create.noServers}>
          <p>{create.noServersText}</p>
        </Notice>
      )}
      <Card title={create.who}>
        <p className="mb-3 text-muted">{create.whoHint}</p>
        <PartyChoice serverParties={serverParties} parties={parties} onChange={setParties} showsErrors={tried} />
        {problem?.all !== undefined && (
          <p role="alert" className="mt-3 text-sm font-medium text-bad">
            {problem.all}
          </p>
        )}
      </Card>
      <Threshold threshold={threshold} count={count} servers={parties.servers.length} onChange={setWanted} />
      <Card>
        <NewPassphraseFields {...passphrase.fields} />
      </Card>
      {preparation.state === 'searching' && <Notice>{create.preparing(preparation.progress?.found ?? 0)}</Notice>}
      {busy && <Notice tone="warn">{create.busy}</Notice>}
      <Button type="submit" look="primary" disabled={busy} className="justify-self-start">
        {create.submit}
      </Button>
    </form>
  )
}

function startingWith(serverParties: readonly PinnedParty[]): Parties {
  return {
    servers: serverParties.slice(0, usualServers),
    people: serverParties.length === 0 ? [{ id: 0, name: '' }] : [],
  }
}
