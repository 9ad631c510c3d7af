import { useState } from 'react'
import type { GuardedShare } from '../../jobs/guardians.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { usePreferences } from '../../state/preferences.ts'
import { useCommands } from '../commands/useCommands.ts'
import { BackLink } from '../design/BackLink.tsx'
import { Button } from '../design/Button.tsx'
import { Card, Fact, Facts } from '../design/Card.tsx'
import { Notice } from '../design/Notice.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { Summary } from '../design/Summary.tsx'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { Drill } from './Drill.tsx'
import { dueOf } from './guardiansDue.ts'
import { GuardiansFile } from './GuardiansFile.tsx'
import { NewGuardians } from './NewGuardians.tsx'
import { Pieces } from './Pieces.tsx'

/** Who can bring this device's share back: set up once, a new file with each renewal, and a drill every year. */
export default function Guardians({ wallet }: { readonly wallet: WalletRecord }) {
  const { app, guardians: texts } = useTexts()
  const commands = useCommands()
  const [nowMs] = useState(() => Date.now())
  const note = usePreferences((state) => state.backups[wallet.walletId]?.guardians)
  // Shown once: whoever leaves the page has left the pieces.
  const [made, setMade] = useState<GuardedShare>()
  if (made !== undefined && note !== undefined)
    return (
      <Pieces
        wallet={wallet}
        note={note}
        pieces={made.pieces}
        onDone={() => {
          setMade(undefined)
        }}
      />
    )
  const due = note && dueOf(note, wallet, nowMs)
  return (
    <div className="grid gap-5">
      <BackLink href={hrefs.wallet(wallet.walletId)}>{wallet.name}</BackLink>
      <PageTitle>{texts.title(wallet.name)}</PageTitle>
      <p className="text-muted">{texts.lead}</p>
      {note === undefined ? (
        <NewGuardians wallet={wallet} onMade={setMade} />
      ) : (
        <>
          {due !== undefined && <Notice tone="warn">{texts.due[due]}</Notice>}
          <Card title={texts.who}>
            <Facts>
              <Fact name={texts.link}>{app.and(note.names)}</Fact>
              <Fact name={texts.needed}>{texts.ofGuardians(note.needed, note.names.length)}</Fact>
              <Fact name={texts.fileMade}>{texts.at(new Date(note.sealedAtMs))}</Fact>
              <Fact name={texts.drilled}>
                {note.checkedAtMs === undefined ? texts.never : texts.at(new Date(note.checkedAtMs))}
              </Fact>
            </Facts>
            <details className="mt-2 text-sm text-muted">
              <Summary>{app.technical}</Summary>
              <code className="mt-1 block font-mono break-all">{note.recipient}</code>
            </details>
          </Card>
          <GuardiansFile wallet={wallet} />
          <Drill wallet={wallet} />
          <Card title={texts.others}>
            <p className="mb-4 text-muted">{texts.othersText}</p>
            <Button
              onClick={() => {
                commands.forgetGuardians(wallet)
              }}
            >
              {texts.startAnew}
            </Button>
          </Card>
        </>
      )}
    </div>
  )
}
