import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import type { GuardiansNote } from '../../platform/preferences.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Notice } from '../design/Notice.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface PiecesProps {
  readonly wallet: WalletRecord
  readonly note: GuardiansNote
  readonly pieces: readonly string[]
  readonly onDone: () => void
}

/** Every piece on a page of its own, with all that its guardian has to know: shown once, to be printed or written down. */
export function Pieces({ wallet, note, pieces, onDone }: PiecesProps) {
  const { guardians: texts } = useTexts()
  const { names, needed, madeAtMs } = note
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3 print:hidden">
        <PageTitle takesFocus>{texts.pieces}</PageTitle>
        <Button
          look="primary"
          onClick={() => {
            print()
          }}
        >
          {texts.print}
        </Button>
      </div>
      <div className="print:hidden">
        <Notice tone="warn">
          <p>{texts.once}</p>
          <p>{texts.fileToo}</p>
        </Notice>
      </div>
      {pieces.map((piece, i) => (
        <Card
          key={i}
          title={texts.pieceFor(i + 1, pieces.length, names[i] ?? '')}
          className="break-inside-avoid break-after-page"
        >
          <ol
            className="grid list-decimal grid-cols-2 gap-x-4 gap-y-1 pl-8 font-mono sm:grid-cols-3 print:grid-cols-3"
            data-testid="piece"
            translate="no"
          >
            {piece.split(' ').map((word, at) => (
              <li key={at}>{word}</li>
            ))}
          </ol>
          <div className="mt-4 grid gap-2 text-sm text-muted">
            <p>{texts.onPaper(wallet.name, needed, pieces.length)}</p>
            <p className="font-mono break-all">{ethereumAddress(wallet.publicKey)}</p>
            <p className="font-mono text-xs break-all">{note.recipient}</p>
            <p>{texts.printed(new Date(madeAtMs))}</p>
          </div>
        </Card>
      ))}
      <Button look="primary" className="justify-self-start print:hidden" onClick={onDone}>
        {texts.handedOut}
      </Button>
    </div>
  )
}
