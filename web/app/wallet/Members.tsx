import { useState } from 'react'
import { fingerprint } from '../../../tss-wasm/identity/identity.ts'
import { sameIdentity } from '../../../tss-wasm/identity/roster.ts'
import type { WalletRecord, WalletSeat } from '../../platform/shareStore.ts'
import { useServerParties } from '../../state/serverParties.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card, Fact, Facts } from '../design/Card.tsx'
import { DeviceIcon, PersonIcon, ServerIcon } from '../design/icons.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { RenameDialog } from './RenameDialog.tsx'

/** Who holds a share: what this device calls them, what they call themselves, and by which keys they are known. */
export function Members({ wallet }: { readonly wallet: WalletRecord }) {
  const { names, wallet: texts, wallets } = useTexts()
  const commands = useCommands()
  const [renaming, setRenaming] = useState<WalletSeat>()
  const rename = (seat: WalletSeat) => (label: string) => {
    setRenaming(undefined)
    void commands.describe(wallet, { labels: { [seat.seat]: label } })
  }
  return (
    <Card title={texts.parties}>
      <Facts>
        {wallet.seats.map((seat) => (
          <Member
            key={seat.seat}
            seat={seat}
            isMine={seat.seat === wallet.mySeat}
            onRename={() => {
              setRenaming(seat)
            }}
          />
        ))}
      </Facts>
      <p className="mt-3 text-sm text-muted">
        {texts.policy(wallet.threshold, wallet.seats.length)} · {wallets.createdOn(new Date(wallet.createdAtMs))}
      </p>
      {renaming !== undefined && (
        <RenameDialog
          title={names.renameTitle(renaming.label)}
          hint={names.renameHint}
          name={renaming.label}
          original={renaming.name}
          onName={rename(renaming)}
          onClose={() => {
            setRenaming(undefined)
          }}
        />
      )}
    </Card>
  )
}

interface MemberProps {
  readonly seat: WalletSeat
  readonly isMine: boolean
  readonly onRename: () => void
}

function Member({ seat, isMine, onRename }: MemberProps) {
  const { app, names, restore, wallet: texts } = useTexts()
  const operator = useOperator(seat)
  const { name, label, serverParty } = seat
  const isKnown = seat.signingKey.length > 0
  const Icon = isMine ? DeviceIcon : serverParty === undefined ? PersonIcon : ServerIcon
  return (
    <Fact name={texts.share(seat.seat)}>
      <div className="flex items-start gap-2" data-testid={`member-${seat.seat}`}>
        <Icon className="mt-0.5 size-5 text-muted" />
        <div className="min-w-0 flex-1">
          <p className="wrap-anywhere">{isMine ? app.thisDevice : label === '' ? restore.unknownHolder : label}</p>
          {name !== undefined && (isMine || !label.startsWith(name)) && (
            <p className="text-sm text-muted">{isMine ? names.appearAs(name) : names.callsItself(name)}</p>
          )}
          {operator !== undefined && <p className="text-sm text-muted">{names.runBy(operator)}</p>}
          {isKnown && <p className="font-mono text-sm text-muted">{fingerprint(seat)}</p>}
        </div>
        {!isMine && (
          <Button look="quiet" className="text-sm" aria-label={names.renameLabel(label)} onClick={onRename}>
            {names.rename}
          </Button>
        )}
      </div>
    </Fact>
  )
}

/** Who runs a server party, as the app's list says. */
function useOperator(seat: WalletSeat): string | undefined {
  const servers = useServerParties()
  if (servers.status !== 'ready') return undefined
  return servers.parties.find(({ identity }) => sameIdentity(identity, seat))?.operator
}
