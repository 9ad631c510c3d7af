import { useEffect, useState } from 'react'
import type { HistoryEntry } from '../../platform/historyStore.ts'
import { useHistory } from '../../state/history.ts'
import { contentSummary } from '../sign/contentSummary.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Copyable } from '../design/CopyButton.tsx'
import { Summary } from '../design/Summary.tsx'
import { failureText } from '../ceremony/failureTexts.ts'
import { useTexts } from '../texts/useTexts.tsx'

const firstShown = 10

/** Everything that the wallet was asked to sign on this device, and what became of it. */
export function WalletHistory({ walletId }: { readonly walletId: string }) {
  const texts = useTexts()
  const { history: words } = texts
  const commands = useCommands()
  const known = useHistory((state) => state[walletId])
  const [all, setAll] = useState(false)
  useEffect(() => {
    void commands.loadHistory(walletId)
  }, [commands, walletId])
  if (known === undefined) {
    return (
      <Card title={words.title}>
        <p className="text-muted">{texts.app.loading}</p>
      </Card>
    )
  }
  if (known.status === 'failed') {
    return (
      <Card title={words.title}>
        <p>{failureText(known.failure, { kind: 'other', parties: String }, texts).what}</p>
      </Card>
    )
  }
  const { entries } = known
  return (
    <Card title={words.title}>
      {entries.length === 0 ? (
        <p className="text-muted">{words.none}</p>
      ) : (
        <table className="w-full text-left" data-testid="history">
          <thead className="sr-only">
            <tr>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.end}</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {entries.slice(0, all ? entries.length : firstShown).map((entry) => (
              <Entry key={`${entry.atMs} ${entry.end.type}`} entry={entry} />
            ))}
          </tbody>
        </table>
      )}
      {!all && entries.length > firstShown && (
        <Button
          className="mt-3"
          onClick={() => {
            setAll(true)
          }}
        >
          {words.all(entries.length)}
        </Button>
      )}
    </Card>
  )
}

const looks = {
  signed: 'bg-good-soft text-good',
  rejected: 'bg-sunken text-muted',
  failed: 'bg-bad-soft text-bad',
}

function Entry({ entry }: { readonly entry: HistoryEntry }) {
  const texts = useTexts()
  const { app, history: words } = texts
  const { atMs, content, askedBy, others, end } = entry
  const isPerhaps = end.type === 'failed' && end.mayBeSigned === true
  return (
    <tr data-testid="history-entry" data-end={end.type}>
      <td className="py-3 pr-3 align-top wrap-anywhere">
        <p className="font-medium">{contentSummary(content, texts)}</p>
        <p className="text-sm text-muted">
          <time dateTime={new Date(atMs).toISOString()}>{words.at(new Date(atMs))}</time>
          {' · '}
          {words.askedBy(askedBy ?? app.thisDevice)}
          {others.length > 0 && ` · ${words.withOthers(app.and(others))}`}
        </p>
        <Details end={end} />
      </td>
      <td className="w-0 py-3 align-top">
        <span className={`rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap ${looks[end.type]}`}>
          {isPerhaps ? words.perhaps : words.ends[end.type]}
        </span>
      </td>
    </tr>
  )
}

function Details({ end }: { readonly end: HistoryEntry['end'] }) {
  const texts = useTexts()
  const { history: words, signed } = texts
  if (end.type === 'rejected') return null
  return (
    <details className="mt-1 text-sm">
      <Summary>{words.details}</Summary>
      {end.type === 'signed' ? (
        <div className="mt-1 grid gap-3">
          {end.transactionHash !== undefined && <Copyable what={signed.hash} text={end.transactionHash} />}
          <Copyable what={end.transactionHash === undefined ? signed.signature : signed.raw} text={end.result} />
        </div>
      ) : (
        <p className="mt-1">{failureText(end.failure, { kind: 'sign', parties: words.parties }, texts).title}</p>
      )}
    </details>
  )
}
