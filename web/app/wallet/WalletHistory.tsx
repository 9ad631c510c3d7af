import { useEffect, useMemo, useState } from 'react'
import type { HistoryEntry, RecordedAnswer } from '../../platform/historyStore.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { useHistory } from '../../state/history.ts'
import { contentSummary } from '../sign/contentSummary.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { Copyable } from '../design/CopyButton.tsx'
import { download, walletFileName } from '../design/files.ts'
import { Field } from '../design/Field.tsx'
import { Summary } from '../design/Summary.tsx'
import { failureText } from '../ceremony/failureTexts.ts'
import type { Texts } from '../texts/en.ts'
import { HistoryFate } from './HistoryFate.tsx'
import { useTexts } from '../texts/useTexts.tsx'
import { historyCsv, historyJson, historyRows } from './historyFile.ts'
import { paymentsIn } from './payments.ts'

const firstShown = 10
/** Fewer need no filter. */
const fewEntries = 3

/** Everything that the wallet was asked to sign on this device, and what became of it. */
export function WalletHistory({ wallet }: { readonly wallet: WalletRecord }) {
  const texts = useTexts()
  const { history: words } = texts
  const commands = useCommands()
  const { walletId } = wallet
  const known = useHistory((state) => state[walletId])
  useEffect(() => {
    void commands.loadHistory(walletId)
  }, [commands, walletId])
  return (
    <Card title={words.title}>
      {known === undefined ? (
        <p className="text-muted">{texts.app.loading}</p>
      ) : known.status === 'failed' ? (
        <p>{failureText(known.failure, { kind: 'other', parties: String }, texts).what}</p>
      ) : known.entries.length === 0 ? (
        <p className="text-muted">{words.none}</p>
      ) : (
        <Entries wallet={wallet} entries={known.entries} />
      )}
    </Card>
  )
}

type EndType = HistoryEntry['end']['type']
const ends: readonly EndType[] = ['signed', 'rejected', 'withdrawn', 'expired', 'replaced', 'failed']

interface EntriesProps {
  readonly wallet: WalletRecord
  readonly entries: readonly HistoryEntry[]
}

function Entries({ wallet, entries }: EntriesProps) {
  const texts = useTexts()
  const { history: words } = texts
  const [all, setAll] = useState(false)
  const [search, setSearch] = useState('')
  const [end, setEnd] = useState<EndType | ''>('')
  const found = useMemo(
    () => entries.filter((entry) => (end === '' || entry.end.type === end) && isFound(entry, search, wallet, texts)),
    [entries, end, search, wallet, texts],
  )
  const there = ends.filter((type) => entries.some((entry) => entry.end.type === type))
  return (
    <>
      {entries.length > fewEntries && (
        <div className="mb-3 grid gap-3 sm:grid-cols-2" role="search">
          <Field label={words.search}>
            {(control) => (
              <input
                {...control}
                type="search"
                value={search}
                onChange={({ target }) => {
                  setSearch(target.value)
                }}
              />
            )}
          </Field>
          <Field label={words.end}>
            {(control) => (
              <select
                {...control}
                value={end}
                onChange={({ target }) => {
                  setEnd(target.value as EndType | '')
                }}
              >
                <option value="">{words.any}</option>
                {there.map((type) => (
                  <option key={type} value={type}>
                    {words.ends[type]}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      )}
      {found.length === 0 ? (
        <p className="text-muted" role="status">
          {words.nothingFound}
        </p>
      ) : (
        <table className="w-full text-left" data-testid="history">
          <thead className="sr-only">
            <tr>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.end}</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {found.slice(0, all ? found.length : firstShown).map((entry) => (
              <Entry
                key={`${entry.atMs} ${entry.end.type} ${entry.request?.name ?? ''}`}
                entry={entry}
                wallet={wallet}
              />
            ))}
          </tbody>
        </table>
      )}
      <div className="mt-3 flex flex-wrap gap-3">
        {!all && found.length > firstShown && (
          <Button
            onClick={() => {
              setAll(true)
            }}
          >
            {words.all(found.length)}
          </Button>
        )}
        <Export wallet={wallet} entries={found} />
      </div>
    </>
  )
}

/** What is found, as files for other programs. */
function Export({ wallet, entries }: EntriesProps) {
  const texts = useTexts()
  const { history: words } = texts
  if (entries.length === 0) return null
  const save = (ending: 'csv' | 'json') => {
    const rows = historyRows(wallet, entries, texts)
    const text = ending === 'csv' ? historyCsv(rows) : historyJson(wallet, rows)
    download(walletFileName(wallet.name, 'history', ending), new TextEncoder().encode(text))
  }
  return (
    <>
      <Button
        className="text-sm"
        onClick={() => {
          save('csv')
        }}
      >
        {words.csv}
      </Button>
      <Button
        className="text-sm"
        onClick={() => {
          save('json')
        }}
      >
        {words.json}
      </Button>
    </>
  )
}

function isFound(entry: HistoryEntry, search: string, wallet: WalletRecord, texts: Texts): boolean {
  const wanted = search.trim().toLowerCase()
  if (wanted === '') return true
  const { content, askedBy, others, request } = entry
  const words = [
    ...[contentSummary(content, texts), askedBy ?? texts.app.thisDevice, ...others, request?.note ?? ''],
    ...paymentsIn(content, wallet.publicKey).flatMap(({ to, amount, coin }) => [to, `${amount} ${coin}`]),
    ...(entry.end.type === 'signed' ? [entry.end.transactionHash ?? ''] : []),
  ]
  return words.some((word) => word.toLowerCase().includes(wanted))
}

const looks: Readonly<Record<EndType, string>> = {
  signed: 'bg-good-soft text-good',
  rejected: 'bg-sunken text-muted',
  withdrawn: 'bg-sunken text-muted',
  expired: 'bg-sunken text-muted',
  replaced: 'bg-sunken text-muted',
  failed: 'bg-bad-soft text-bad',
}

function Entry({ entry, wallet }: { readonly entry: HistoryEntry; readonly wallet: WalletRecord }) {
  const texts = useTexts()
  const { app, history: words } = texts
  const { atMs, content, askedBy, others, end, request } = entry
  const isPerhaps = end.type === 'failed' && end.mayBeSigned === true
  return (
    <tr data-testid="history-entry" data-end={end.type}>
      <td className="py-3 pr-3 align-top wrap-anywhere">
        <p className="font-medium">{contentSummary(content, texts)}</p>
        {request !== undefined && request.note !== '' && <p>{texts.waiting.because(request.note)}</p>}
        <p className="text-sm text-muted">
          <time dateTime={new Date(atMs).toISOString()}>{words.at(new Date(atMs))}</time>
          {' · '}
          {words.askedBy(askedBy ?? app.thisDevice)}
          {others.length > 0 && ` · ${words.withOthers(app.and(others))}`}
        </p>
        <Details entry={entry} wallet={wallet} />
      </td>
      <td className="w-0 py-3 align-top">
        <span className={`rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap ${looks[end.type]}`}>
          {isPerhaps ? words.perhaps : words.ends[end.type]}
        </span>
      </td>
    </tr>
  )
}

function Details({ entry, wallet }: { readonly entry: HistoryEntry; readonly wallet: WalletRecord }) {
  const texts = useTexts()
  const { history: words, signed, review } = texts
  const { content, end, request } = entry
  const payments = paymentsIn(content, wallet.publicKey)
  const [isOpen, setOpen] = useState(false)
  if (end.type === 'rejected' && request === undefined && payments.length === 0) return null
  return (
    <details
      className="mt-1 text-sm"
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open)
      }}
    >
      <Summary>{words.details}</Summary>
      <div className="mt-1 grid gap-3">
        {payments.map(({ to, amount, coin }) => (
          <p key={`${to} ${amount}`}>
            {review.to}: <span className="font-mono break-all">{to === '' ? review.newContract : to}</span>
            <br />
            {review.amount}: {amount} {coin === '' ? texts.networks.coin : coin}
          </p>
        ))}
        {request !== undefined && (
          <ul className="grid gap-1">
            {request.answers.map((answer, i) => (
              <li key={i}>{answerText(answer, texts)}</li>
            ))}
          </ul>
        )}
        {end.type === 'signed' && (
          <>
            {isOpen && end.transactionHash !== undefined && (
              <HistoryFate content={content} raw={end.result} hash={end.transactionHash} />
            )}
            {end.transactionHash !== undefined && <Copyable what={signed.hash} text={end.transactionHash} />}
            <Copyable what={end.transactionHash === undefined ? signed.signature : signed.raw} text={end.result} />
          </>
        )}
        {end.type === 'failed' && (
          <p>{failureText(end.failure, { kind: 'sign', parties: words.parties }, texts).title}</p>
        )}
      </div>
    </details>
  )
}

function answerText({ label, answer, atMs, by, reason }: RecordedAnswer, { app, waiting, history }: Texts): string {
  const said =
    answer === 'none'
      ? waiting.answers.silent
      : answer === 'approved' || by === undefined || by === 'person'
        ? waiting.answers[answer]
        : waiting.answers[by]
  const when = atMs === undefined ? '' : `, ${history.at(new Date(atMs))}`
  const why = reason === undefined || reason === '' ? '' : ` ${waiting.because(reason)}`
  return `${label ?? app.thisDevice}: ${said}${when}${why}`
}
