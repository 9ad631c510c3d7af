import { useState } from 'react'
import type { AgreedShown } from '../../jobs/ceremony.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card, Fact, Facts } from '../design/Card.tsx'
import { DeviceIcon, PersonIcon, ServerIcon } from '../design/icons.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface CheckCodeProps {
  readonly code: string
  readonly agreed: AgreedShown
  readonly mySeat: number | undefined
}

/** The one thing that only the people can check. Nothing is computed before they have. */
export function CheckCode({ code, agreed, mySeat }: CheckCodeProps) {
  const { codes, join, names } = useTexts()
  const { walletName, threshold, parties, creator, seats } = agreed
  const commands = useCommands()
  const [answered, setAnswered] = useState(false)
  const answer = (match: boolean) => () => {
    setAnswered(true)
    commands.compare(match)
  }
  return (
    <Card title={codes.title} className="border-accent">
      <p role="status">{codes.lead}</p>
      <p
        data-testid="check-code"
        className="my-4 rounded-xl bg-sunken px-4 py-5 text-center font-mono text-2xl font-semibold tracking-wide"
      >
        {code}
      </p>
      <Facts>
        <Fact name={codes.wallet}>{walletName}</Fact>
        <Fact name={codes.policy}>{join.ofParties(threshold, parties)}</Fact>
      </Facts>
      <h3 className="mt-4 mb-1 text-sm font-medium">{codes.who}</h3>
      <Facts>
        {seats.map(({ seat, label, name, fingerprint, isServerParty }) => {
          const mine = seat === mySeat
          const Icon = mine ? DeviceIcon : isServerParty ? ServerIcon : PersonIcon
          return (
            <Fact key={seat} name={`${mine ? codes.you : label}${seat === creator ? ` ${codes.creator}` : ''}`}>
              <span className="flex items-center gap-2">
                <Icon className="size-5 text-muted" />
                <span className="font-mono text-sm">{fingerprint}</span>
              </span>
              {name !== undefined && (mine || !label.startsWith(name)) && (
                <span className="block text-sm text-muted">
                  {mine ? names.appearAs(name) : names.callsItself(name)}
                </span>
              )}
            </Fact>
          )
        })}
      </Facts>
      <div className="mt-4 flex flex-wrap gap-3">
        <Button look="primary" disabled={answered} onClick={answer(true)}>
          {codes.match}
        </Button>
        <Button look="danger" disabled={answered} onClick={answer(false)}>
          {codes.differ}
        </Button>
      </div>
    </Card>
  )
}
