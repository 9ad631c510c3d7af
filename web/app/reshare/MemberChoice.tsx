import type { PinnedParty } from '../../../participant/session/serverParties.ts'
import { sameIdentity } from '../../../tss-wasm/identity/roster.ts'
import type { WalletRecord, WalletSeat } from '../../platform/shareStore.ts'
import { PeopleRows, ServerRows, withOneMore } from '../create/PartyChoice.tsx'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { DeviceIcon, PersonIcon, PlusIcon, ServerIcon } from '../design/icons.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { useMemberName } from './memberName.ts'
import type { Choice, Part, Problem } from './plan.ts'

interface MemberChoiceProps {
  readonly wallet: WalletRecord
  readonly serverParties: readonly PinnedParty[]
  readonly choice: Choice
  readonly onChange: (choice: Choice) => void
  readonly problem: Problem | undefined
}

/** Who stays, who leaves and who joins. */
export function MemberChoice({ wallet, serverParties, choice, onChange, problem }: MemberChoiceProps) {
  const { create, reshare } = useTexts()
  const { parts, servers, people } = choice
  const others = serverParties.filter(({ identity }) => !wallet.seats.some((seat) => sameIdentity(seat, identity)))
  return (
    <Card title={reshare.who}>
      <p className="mb-3 text-muted">{reshare.whoHint}</p>
      <ul className="divide-y divide-line border-y border-line">
        {wallet.seats.map((seat) => (
          <MemberRow
            key={seat.seat}
            wallet={wallet}
            seat={seat}
            part={parts[seat.seat] ?? 'stays'}
            onChange={(part) => {
              onChange({ ...choice, parts: { ...parts, [seat.seat]: part } })
            }}
          />
        ))}
        <ServerRows
          serverParties={others}
          chosen={servers}
          onChange={(next) => {
            onChange({ ...choice, servers: next })
          }}
        />
        <PeopleRows
          people={people}
          showsErrors={problem === 'noName'}
          onChange={(next) => {
            onChange({ ...choice, people: next })
          }}
        />
      </ul>
      <Button
        className="mt-4"
        onClick={() => {
          onChange({ ...choice, people: withOneMore(people) })
        }}
      >
        <PlusIcon />
        {create.invite}
      </Button>
    </Card>
  )
}

interface MemberRowProps {
  readonly wallet: WalletRecord
  readonly seat: WalletSeat
  readonly part: Part
  readonly onChange: (part: Part) => void
}

function MemberRow({ wallet, seat, part, onChange }: MemberRowProps) {
  const { reshare } = useTexts()
  const nameOf = useMemberName(wallet)
  const isMine = seat.seat === wallet.mySeat
  const Icon = isMine ? DeviceIcon : seat.serverParty === undefined ? PersonIcon : ServerIcon
  // Whoever proposes takes part.
  const choices: readonly Part[] = isMine ? ['stays', 'helps'] : ['stays', 'helps', 'absent']
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <Icon className="size-5 text-accent" />
      <span className="min-w-40 flex-1 font-medium">{nameOf(seat)}</span>
      <select
        aria-label={reshare.part(nameOf(seat))}
        value={part}
        onChange={({ target: { value } }) => {
          const chosen = choices.find((one) => one === value)
          if (chosen !== undefined) onChange(chosen)
        }}
        className="min-h-11 rounded-xl border border-control bg-surface px-3 py-2 text-ink max-sm:w-full"
      >
        {choices.map((one) => (
          <option key={one} value={one}>
            {reshare.parts[one]}
          </option>
        ))}
      </select>
    </li>
  )
}
