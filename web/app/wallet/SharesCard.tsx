import { useEffect, useState } from 'react'
import { bytesToHex } from '@noble/hashes/utils.js'
import { fingerprint } from '../../../tss-wasm/identity/identity.ts'
import { sameIdentity } from '../../../tss-wasm/identity/roster.ts'
import type { OldShare, OldShares } from '../../jobs/oldShares.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { usePreferences } from '../../state/preferences.ts'
import { useCommands } from '../commands/useCommands.ts'
import { AnimatedQr } from '../design/AnimatedQr.tsx'
import { Card, Fact, Facts } from '../design/Card.tsx'
import { DownloadButton } from '../design/DownloadButton.tsx'
import { Summary } from '../design/Summary.tsx'
import { proofFrames } from './proofFrames.ts'
import { useTexts } from '../texts/useTexts.tsx'

/** Since when the shares are these, and what has become of those of before. Nothing where they are the first. */
export function SharesCard({ wallet }: { readonly wallet: WalletRecord }) {
  const { app, reshare, shares } = useTexts()
  const old = useOldShares(wallet)
  const madeAtMs = usePreferences((state) => state.backups[wallet.walletId]?.madeAtMs)
  const { epochs, renewedAtMs } = wallet
  if (epochs === undefined || renewedAtMs === undefined) return null
  const since = new Date(renewedAtMs)
  const hasBackup = madeAtMs !== undefined && madeAtMs >= renewedAtMs
  const joined = old && wallet.seats.filter((seat) => !old.holders.some(({ identity }) => sameIdentity(seat, identity)))
  return (
    <Card title={shares.title}>
      <Facts>
        <Fact name={shares.since}>{shares.at(since)}</Fact>
        {joined !== undefined && joined.length > 0 && (
          <Fact name={shares.joined}>
            {app.and(joined.map(({ seat, label }) => (seat === wallet.mySeat ? app.thisDevice : label)))}
          </Fact>
        )}
        <Fact name={shares.backup}>
          <p>{hasBackup ? shares.backupMade(new Date(madeAtMs)) : shares.backupMissing}</p>
          <p className="text-sm text-muted">{shares.backupOthers}</p>
        </Fact>
        {old !== undefined && (
          <Fact name={shares.old}>
            <ul className="grid gap-1">
              {old.holders.map((holder) => (
                <li key={fingerprint(holder.identity)}>
                  <OldShareLine wallet={wallet} holder={holder} />
                </li>
              ))}
            </ul>
            <p className="mt-2 text-sm text-muted">
              {old.mayExist < old.threshold
                ? shares.tooFew(old.mayExist, old.threshold)
                : shares.enough(old.mayExist, old.threshold)}
            </p>
          </Fact>
        )}
      </Facts>
      {old !== undefined && (
        <div className="mt-3 grid justify-items-start gap-2">
          <p className="text-sm text-muted">{reshare.proofSaveText}</p>
          <DownloadButton what={reshare.proof} name={`quorate-proof-${epochs.number}.json`} content={old.certificate} />
          <AnimatedQr content={old.certificate} framesOf={proofFrames} what={reshare.proof} />
        </div>
      )}
      <details className="mt-2 text-sm text-muted">
        <Summary>{app.technical}</Summary>
        <code className="mt-1 block font-mono break-all">
          epoch {epochs.number} · certificate {bytesToHex(epochs.hash)}
        </code>
      </details>
    </Card>
  )
}

function OldShareLine({ wallet, holder }: { readonly wallet: WalletRecord; readonly holder: OldShare }) {
  const { app, shares } = useTexts()
  const { identity, state, backupsUntilMs } = holder
  const member = wallet.seats.find((seat) => sameIdentity(seat, identity))
  const short = fingerprint(identity).slice(0, 14)
  const name = member === undefined ? short : member.seat === wallet.mySeat ? app.thisDevice : member.label || short
  switch (state) {
    case 'erased':
      return shares.erased(name)
    case 'in-backups':
      return shares.inBackups(name, new Date(backupsUntilMs))
    case 'silent':
      return shares.silent(name)
  }
}

/** Asks the others once, where a word is missing. */
function useOldShares(wallet: WalletRecord): OldShares | undefined {
  const commands = useCommands()
  const [old, setOld] = useState<OldShares>()
  useEffect(() => {
    let isCurrent = true
    void commands.oldShares(wallet).then((found) => {
      if (isCurrent && found.ok) setOld(found.value)
    })
    return () => {
      isCurrent = false
    }
  }, [commands, wallet])
  const isReshared = wallet.epochs !== undefined
  useEffect(() => {
    if (isReshared) void commands.settle()
  }, [commands, isReshared])
  return old
}
