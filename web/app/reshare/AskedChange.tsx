import type { ReshareRequest } from '../../jobs/joinReshare.ts'
import type { WalletSeat } from '../../platform/shareStore.ts'
import { Card, Fact, Facts } from '../design/Card.tsx'
import { Notice } from '../design/Notice.tsx'
import type { Change } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { useMemberName } from './memberName.ts'

/** What a proposal changes: members and signing, now and afterwards, and what that means for this device. */
export function AskedChange({ request }: { readonly request: ReshareRequest }) {
  const { app, join, reshare } = useTexts()
  const { wallet, proposal, weStay, leaving } = request
  const nameOf = useMemberName(wallet)
  const { threshold, parties, reason, dealers } = proposal
  const staying = wallet.seats.filter((seat) => !leaving.includes(seat))
  const newcomers = parties - staying.length
  const isThere = ({ seat }: WalletSeat) => dealers.some(({ from }) => (from as number) === seat)
  const handingOver = leaving.filter(isThere)
  const leftOut = leaving.filter((seat) => !isThere(seat))
  const change = changeOf(reason, handingOver.length > 0)
  return (
    <>
      {!weStay && (
        <Notice tone="warn">
          <p>{reshare.youLeave}</p>
        </Notice>
      )}
      {threshold < wallet.threshold && (
        <Notice tone="warn">
          <p>{reshare.fewerSign}</p>
        </Notice>
      )}
      <Card title={reshare.now}>
        <Facts>
          <Fact name={reshare.signing}>{join.ofParties(wallet.threshold, wallet.seats.length)}</Fact>
          <Fact name={reshare.members}>{app.and(wallet.seats.map(nameOf))}</Fact>
        </Facts>
      </Card>
      <Card title={reshare.afterwards}>
        <Facts>
          <Fact name={reshare.signing}>{join.ofParties(threshold, parties)}</Fact>
          <Fact name={reshare.parts.stays}>{staying.length === 0 ? '–' : app.and(staying.map(nameOf))}</Fact>
          {newcomers > 0 && (
            <Fact name={reshare.joining}>
              <p>{reshare.newcomers(newcomers)}</p>
              <p className="text-sm text-muted">{reshare.newcomersHint}</p>
            </Fact>
          )}
          {handingOver.length > 0 && <Fact name={reshare.parts.helps}>{app.and(handingOver.map(nameOf))}</Fact>}
          {leftOut.length > 0 && <Fact name={reshare.leftOut}>{app.and(leftOut.map(nameOf))}</Fact>}
          <Fact name={reshare.stays}>{reshare.staysText(wallet.threshold)}</Fact>
          <Fact name={app.thisDevice}>{weStay ? reshare.youStay : reshare.youLeave}</Fact>
          <Fact name={reshare.backups}>{reshare.backupsText}</Fact>
          <Fact name={reshare.limits}>{reshare.changes[change].limits(wallet.threshold)}</Fact>
        </Facts>
      </Card>
    </>
  )
}

function changeOf(reason: ReshareRequest['proposal']['reason'], isHandedOver: boolean): Change {
  switch (reason) {
    case 'device':
      return isHandedOver ? 'move' : 'replace'
    case 'members':
    case 'threshold':
      return reason
    case 'renewal':
      return 'renew'
  }
}
