import { useRef, useState, type SubmitEvent } from 'react'
import type { NewPlace } from '../../jobs/reshareWallet.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { isRunning, useCeremony } from '../../state/ceremony.ts'
import { usePreparation } from '../../state/preparation.ts'
import { useServerParties } from '../../state/serverParties.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Threshold } from '../create/Threshold.tsx'
import { Button, LinkButton } from '../design/Button.tsx'
import { Notice } from '../design/Notice.tsx'
import { normalized, takePassphrase } from '../passphrase/passphrase.ts'
import { hrefs, type Change } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { BeforeStart } from './BeforeStart.tsx'
import { DeviceChoice } from './DeviceChoice.tsx'
import { MemberChoice } from './MemberChoice.tsx'
import { RenewingPassphrase } from './RenewingPassphrase.tsx'
import { nothingChosen, planOf, problemOf, type Choice } from './plan.ts'

/** What is chosen, what that asks of everybody, and the passphrase that starts it. */
export function ChangeForm({ wallet, change }: { readonly wallet: WalletRecord; readonly change: Change }) {
  const { create, reshare } = useTexts()
  const commands = useCommands()
  const busy = useCeremony((state) => isRunning(state.current))
  const preparation = usePreparation()
  const servers = useServerParties()
  const passphrase = useRef<HTMLInputElement>(null)
  const [choice, setChoice] = useState<Choice>(nothingChosen)
  const [tried, setTried] = useState(false)
  const [missing, setMissing] = useState(false)
  const plan = planOf(change, wallet, choice)
  const problem = problemOf(change, wallet, choice)
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const empty = normalized(passphrase.current) === ''
    setTried(true)
    setMissing(empty)
    if (empty || problem !== undefined) {
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    const { reason, threshold, places, leaving } = plan
    const shares = { wallet, reason, threshold, places, leaving, passphrase: takePassphrase(passphrase.current) }
    void commands.reshare(shares)
    showProgress(wallet)
  }
  const asked = { wallet, choice, onChange: setChoice, problem: tried ? problem : undefined }
  return (
    <form onSubmit={submit} noValidate className="grid gap-5" data-testid="change">
      <p>{reshare.changes[change].lead}</p>
      {(change === 'replace' || change === 'move') && <DeviceChoice change={change} {...asked} />}
      {change === 'members' && (
        <MemberChoice serverParties={servers.status === 'ready' ? servers.parties : []} {...asked} />
      )}
      {(change === 'members' || change === 'threshold') && (
        <Threshold
          threshold={plan.threshold}
          count={plan.places.length}
          servers={plan.places.filter(isServer).length}
          onChange={(threshold) => {
            setChoice({ ...choice, threshold })
          }}
        />
      )}
      <BeforeStart wallet={wallet} change={change} plan={plan} />
      <RenewingPassphrase wallet={wallet} field={passphrase} isMissing={missing} />
      {tried && problem !== undefined && (
        <Notice tone="bad" role="alert">
          <p>{reshare.problems[problem]}</p>
        </Notice>
      )}
      {preparation.state === 'searching' && <Notice>{create.preparing(preparation.progress?.found ?? 0)}</Notice>}
      {busy && <Notice tone="warn">{create.busy}</Notice>}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" disabled={busy}>
          {reshare.start}
        </Button>
        {change === 'renew' && <LinkButton href={hrefs.create}>{reshare.newWallet}</LinkButton>}
      </div>
    </form>
  )
}

function isServer(place: NewPlace): boolean {
  return place.kind === 'server' || (place.kind === 'stays' && place.seat.serverParty !== undefined)
}

function showProgress({ walletId }: WalletRecord): void {
  location.hash = hrefs.reshare(walletId)
}
