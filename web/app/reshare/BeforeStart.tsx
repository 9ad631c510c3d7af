import type { NewPlace } from '../../jobs/reshareWallet.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { useComputingMs } from '../../state/speed.ts'
import { Card, Fact, Facts } from '../design/Card.tsx'
import type { Change } from '../route.ts'
import { inWords } from '../texts/duration.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { useMemberName } from './memberName.ts'
import type { Plan } from './plan.ts'

interface BeforeStartProps {
  readonly wallet: WalletRecord
  readonly change: Change
  readonly plan: Plan
}

/** What a change asks of everybody, what it leaves as it is, and what it cannot do. */
export function BeforeStart({ wallet, change, plan }: BeforeStartProps) {
  const texts = useTexts()
  const { app, ceremony, join, reshare } = texts
  const nameOf = useMemberName(wallet)
  const { threshold, places, leaving, absent } = plan
  const computing = useComputingMs('reshare', places.length)
  const here = [...places.map((place) => nameOfPlace(place)), ...leaving.map(nameOf)]

  function nameOfPlace(place: NewPlace): string {
    switch (place.kind) {
      case 'stays':
        return nameOf(place.seat)
      case 'server':
        return reshare.joins(place.party.name)
      case 'invited':
        return reshare.invited(place.label === '' ? '…' : place.label)
    }
  }

  return (
    <Card title={reshare.before}>
      <Facts>
        <Fact name={reshare.there}>
          <p>{app.and(here)}</p>
          <p className="text-sm text-muted">{reshare.thereHint}</p>
        </Fact>
        {absent.length > 0 && (
          <Fact name={reshare.leftOut}>
            <p>{app.and(absent.map(nameOf))}</p>
            <p className="text-sm text-muted">{reshare.leftOutHint}</p>
          </Fact>
        )}
        <Fact name={reshare.afterwards}>{join.ofParties(threshold, places.length)}</Fact>
        <Fact name={reshare.time}>
          <p>{computing === undefined ? ceremony.unmeasured : ceremony.expected(inWords(computing, texts))}</p>
          <p className="text-sm text-muted">{reshare.timeHint}</p>
        </Fact>
        <Fact name={reshare.stays}>{reshare.staysText(wallet.threshold)}</Fact>
        <Fact name={reshare.backups}>{reshare.backupsText}</Fact>
        <Fact name={reshare.limits}>{reshare.changes[change].limits(wallet.threshold)}</Fact>
      </Facts>
    </Card>
  )
}
