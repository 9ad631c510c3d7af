import { visibleName } from '../../../tss-wasm/identity/walletName.ts'
import type { WalletRecord, WalletSeat } from '../../platform/shareStore.ts'
import { Card } from '../design/Card.tsx'
import { Field } from '../design/Field.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { useMemberName } from './memberName.ts'
import type { Choice, Problem } from './plan.ts'

interface DeviceChoiceProps {
  readonly change: 'replace' | 'move'
  readonly wallet: WalletRecord
  readonly choice: Choice
  readonly onChange: (choice: Choice) => void
  readonly problem: Problem | undefined
}

const longestName = 40

/** Whose place a new device takes, and what that one is called. */
export function DeviceChoice({ change, wallet, choice, onChange, problem }: DeviceChoiceProps) {
  const { create, reshare } = useTexts()
  const nameOf = useMemberName(wallet)
  const { target, newName } = choice
  const isMine = ({ seat }: WalletSeat) => seat === wallet.mySeat
  const candidates = wallet.seats.filter((seat) =>
    change === 'replace' ? !isMine(seat) : isMine(seat) || seat.serverParty === undefined,
  )
  return (
    <Card title={reshare.which}>
      <div className="grid gap-5">
        <Field
          label={change === 'replace' ? reshare.lostOne : reshare.movingOne}
          error={problem === 'noDevice' ? reshare.problems.noDevice : undefined}
        >
          {(control) => (
            <select
              {...control}
              value={target ?? ''}
              onChange={({ target: { value } }) => {
                const seat = candidates.find((each) => String(each.seat) === value)
                const suggested = seat === undefined || isMine(seat) ? '' : seat.label
                onChange({ ...choice, target: seat?.seat, newName: suggested })
              }}
            >
              <option value="">{reshare.choose}</option>
              {candidates.map((seat) => (
                <option key={seat.seat} value={seat.seat}>
                  {nameOf(seat)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label={reshare.newName}
          hint={reshare.newNameHint}
          error={problem === 'noName' && visibleName(newName) === '' ? create.personMissing : undefined}
        >
          {(control) => (
            <input
              {...control}
              value={newName}
              maxLength={longestName}
              autoComplete="off"
              onChange={({ target: { value } }) => {
                onChange({ ...choice, newName: value })
              }}
            />
          )}
        </Field>
      </div>
    </Card>
  )
}
