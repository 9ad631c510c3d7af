import type { PinnedParty } from '../../../participant/session/serverParties.ts'
import { fingerprint } from '../../../tss-wasm/identity/identity.ts'
import { visibleName } from '../../../tss-wasm/identity/walletName.ts'
import { partyLabel } from '../../platform/seatLabel.ts'
import { mostParties } from '../../jobs/createWallet.ts'
import { Button } from '../design/Button.tsx'
import { Field } from '../design/Field.tsx'
import { DeviceIcon, PersonIcon, PlusIcon, ServerIcon } from '../design/icons.tsx'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/useTexts.tsx'

const longestName = 40

/** Who shall hold shares besides this device. */
export interface Parties {
  readonly servers: readonly PinnedParty[]
  readonly people: readonly InvitedPerson[]
}

export interface InvitedPerson {
  /** Of its row, which keeps what was typed when another is removed. */
  readonly id: number
  readonly name: string
}

/** What stands in the way, or undefined. */
export function seatsProblem(
  { servers, people }: Parties,
  create: Texts['create'],
): { readonly all?: string } | undefined {
  const count = 1 + servers.length + people.length
  if (count < 2) return { all: create.tooFew }
  if (count > mostParties) return { all: create.tooMany }
  return people.some(({ name }) => visibleName(name) === '') ? {} : undefined
}

interface PartyChoiceProps {
  readonly serverParties: readonly PinnedParty[]
  readonly parties: Parties
  readonly onChange: (parties: Parties) => void
  readonly showsErrors: boolean
}

export function PartyChoice({ serverParties, parties, onChange, showsErrors }: PartyChoiceProps) {
  const { app, create } = useTexts()
  const { servers, people } = parties
  const invite = () => {
    onChange({ ...parties, people: withOneMore(people) })
  }
  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        <li className="flex gap-3 py-3">
          <DeviceIcon className="mt-0.5 size-5 text-accent" />
          <div>
            <p className="font-medium">{app.thisDevice}</p>
            <p className="text-sm text-muted">{create.you}</p>
          </div>
        </li>
        <ServerRows
          serverParties={serverParties}
          chosen={servers}
          onChange={(next) => {
            onChange({ ...parties, servers: next })
          }}
        />
        <PeopleRows
          people={people}
          showsErrors={showsErrors}
          onChange={(next) => {
            onChange({ ...parties, people: next })
          }}
        />
      </ul>
      <Button className="mt-4" onClick={invite} disabled={1 + servers.length + people.length >= mostParties}>
        <PlusIcon />
        {create.invite}
      </Button>
    </>
  )
}

interface ServerRowsProps {
  readonly serverParties: readonly PinnedParty[]
  readonly chosen: readonly PinnedParty[]
  readonly onChange: (chosen: readonly PinnedParty[]) => void
}

/** Server parties that may hold a share, each to be ticked. */
export function ServerRows({ serverParties, chosen, onChange }: ServerRowsProps) {
  return serverParties.map((party) => {
    const rest = chosen.filter(({ name }) => name !== party.name)
    const isChosen = rest.length < chosen.length
    return (
      <ServerRow
        key={party.name}
        party={party}
        isChosen={isChosen}
        onToggle={() => {
          onChange(isChosen ? rest : [...chosen, party])
        }}
      />
    )
  })
}

interface ServerRowProps {
  readonly party: PinnedParty
  readonly isChosen: boolean
  readonly onToggle: () => void
}

function ServerRow({ party, isChosen, onToggle }: ServerRowProps) {
  const { create, names } = useTexts()
  return (
    <li>
      <label className="flex cursor-pointer gap-3 py-3">
        <ServerIcon className="mt-0.5 size-5 text-accent" />
        <span className="min-w-0 flex-1">
          <span className="block font-medium wrap-anywhere">{partyLabel(party)}</span>
          {party.operator !== undefined && <span className="block text-sm">{names.runBy(party.operator)}</span>}
          <span className="block text-sm text-muted">{create.server}</span>
          <span className="block text-sm text-muted">
            {create.fingerprint} <span className="font-mono">{fingerprint(party.identity)}</span>
          </span>
        </span>
        <input type="checkbox" className="mt-1 size-5 accent-accent" checked={isChosen} onChange={onToggle} />
      </label>
    </li>
  )
}

export function withOneMore(people: readonly InvitedPerson[]): readonly InvitedPerson[] {
  return [...people, { id: Math.max(-1, ...people.map(({ id }) => id)) + 1, name: '' }]
}

interface PeopleRowsProps {
  readonly people: readonly InvitedPerson[]
  readonly showsErrors: boolean
  readonly onChange: (people: readonly InvitedPerson[]) => void
}

/** Who is invited, each with what we call them. */
export function PeopleRows({ people, showsErrors, onChange }: PeopleRowsProps) {
  const { create } = useTexts()
  return people.map((person, i) => (
    <PersonRow
      key={person.id}
      number={i + 1}
      name={person.name}
      error={showsErrors && visibleName(person.name) === '' ? create.personMissing : undefined}
      onChange={(name) => {
        onChange(people.with(i, { ...person, name }))
      }}
      onRemove={() => {
        onChange(people.filter(({ id }) => id !== person.id))
      }}
    />
  ))
}

interface PersonRowProps {
  readonly number: number
  readonly name: string
  readonly error: string | undefined
  readonly onChange: (name: string) => void
  readonly onRemove: () => void
}

function PersonRow({ number, name, error, onChange, onRemove }: PersonRowProps) {
  const { create } = useTexts()
  const label = create.personName(number)
  return (
    <li className="flex gap-3 py-3">
      <PersonIcon className="mt-0.5 size-5 text-accent" />
      <div className="min-w-0 flex-1">
        <Field label={label} hint={create.personHint} error={error}>
          {(control) => (
            <input
              {...control}
              value={name}
              maxLength={longestName}
              autoComplete="off"
              onChange={({ target }) => {
                onChange(target.value)
              }}
            />
          )}
        </Field>
      </div>
      <Button look="quiet" className="mt-6 self-start" aria-label={create.remove(name || label)} onClick={onRemove}>
        ×
      </Button>
    </li>
  )
}
