import { useState } from 'react'
import type { InvitationShown } from '../../jobs/ceremony.ts'
import type { PartyView } from '../../state/ceremony.ts'
import { toast } from '../../state/toasts.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { CopyButton } from '../design/CopyButton.tsx'
import { PersonIcon } from '../design/icons.tsx'
import { Notice } from '../design/Notice.tsx'
import { QrCode } from '../design/QrCode.tsx'
import { Summary } from '../design/Summary.tsx'
import { ShareInvitation } from './ShareInvitation.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface InvitationsProps {
  readonly invitations: readonly InvitationShown[]
  readonly parties: readonly PartyView[]
}

/** What is handed out, one for each person, while they are awaited. */
export function Invitations({ invitations, parties }: InvitationsProps) {
  const { invitations: texts } = useTexts()
  return (
    <Card title={texts.title}>
      <p className="mb-3 text-muted">{texts.lead}</p>
      <ul className="divide-y divide-line border-y border-line">
        {invitations.map((invitation) => (
          <Invited
            key={invitation.link}
            invitation={invitation}
            party={parties.find(({ seat }) => seat === invitation.seat)}
          />
        ))}
      </ul>
    </Card>
  )
}

interface InvitedProps {
  readonly invitation: InvitationShown
  readonly party: PartyView | undefined
}

function Invited({ invitation: { seat, label, link, expiresAtMs }, party }: InvitedProps) {
  const { invitations: texts } = useTexts()
  const commands = useCommands()
  const [busy, setBusy] = useState(false)
  const isHere = party !== undefined && party.presence !== 'invited'
  const revoke = async () => {
    setBusy(true)
    const done = await commands.revoke(seat)
    setBusy(false)
    if (done.ok) toast(texts.revoked)
  }
  return (
    <li className="grid gap-3 py-4" data-testid={`invitation-${seat}`}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <PersonIcon className="size-5 text-accent" />
        <span className="font-medium">{label}</span>
        <span className={`text-sm ${isHere ? 'font-medium text-good' : 'text-muted'}`}>
          {isHere ? texts.here : texts.awaited}
        </span>
        <span className="ml-auto text-sm text-muted">{texts.until(new Date(expiresAtMs))}</span>
      </div>
      {(party?.refusedJoins ?? 0) > 0 && <Notice tone="warn">{texts.refused(label)}</Notice>}
      <div className="flex flex-wrap items-start gap-3">
        {!isHere && <CopyButton what={texts.link(label)} text={link} />}
        {!isHere && <ShareInvitation label={label} link={link} />}
        <Button className="text-sm" disabled={busy} aria-label={texts.revokeLabel(label)} onClick={() => void revoke()}>
          {texts.revoke}
        </Button>
      </div>
      {!isHere && (
        <details>
          <Summary className="text-sm text-muted">{texts.show}</Summary>
          <QrCode text={link} label={texts.qr(label)} className="mt-2 w-full max-w-80" />
        </details>
      )}
    </li>
  )
}
