import { bytesToHex } from '@noble/hashes/utils.js'
import type { HistoryEntry, RecordedAnswer } from '../../platform/historyStore.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { contentSummary } from '../sign/contentSummary.ts'
import type { Texts } from '../texts/en.ts'
import { paymentsIn } from './payments.ts'

/** The history of a wallet as a file for other programs: field names and values are the same in every language. */
export interface HistoryRow {
  /** ISO 8601, UTC */
  readonly time: string
  readonly result: HistoryEntry['end']['type']
  readonly what: string
  readonly note: string
  readonly recipients: readonly { readonly address: string; readonly amount: string; readonly coin: string }[]
  readonly network: string
  readonly askedBy: string
  readonly signers: readonly string[]
  readonly members: readonly {
    readonly name: string
    readonly answer: RecordedAnswer['answer']
    readonly time: string
    readonly by: string
    readonly reason: string
  }[]
  /** Hash of the transaction, or empty. */
  readonly transaction: string
  /** The signed transaction, or the signature. */
  readonly signed: string
}

export function historyRows(wallet: WalletRecord, entries: readonly HistoryEntry[], texts: Texts): HistoryRow[] {
  const mine = wallet.seats.find(({ seat }) => seat === wallet.mySeat)
  const myName = mine?.name ?? mine?.label ?? ''
  const name = (label: string | undefined) => label ?? myName
  return entries.map(({ atMs, content, askedBy, others, end, request }) => {
    const payments = paymentsIn(content, wallet.publicKey)
    const isSigned = end.type === 'signed'
    const signers = request?.signers.map(name) ?? (isSigned ? [myName, ...others] : [])
    return {
      time: isoTime(atMs),
      result: end.type,
      what: contentSummary(content, texts),
      note: request?.note ?? '',
      recipients: payments.map(({ to, amount, coin }) => ({ address: to, amount, coin })),
      network: payments[0]?.network ?? '',
      askedBy: name(askedBy),
      signers: isSigned ? signers : [],
      members: (request?.answers ?? []).map((answer) => ({
        ...{ name: name(answer.label), answer: answer.answer },
        ...{ time: isoTime(answer.atMs), by: answer.by ?? '', reason: answer.reason ?? '' },
      })),
      transaction: isSigned ? (end.transactionHash ?? request?.transaction ?? '') : '',
      signed: isSigned ? end.result : '',
    }
  })
}

/** Two blanks deep, with the wallet that it is of. */
export function historyJson(wallet: WalletRecord, rows: readonly HistoryRow[]): string {
  const { name, publicKey } = wallet
  return `${JSON.stringify({ quorateHistory: 1, wallet: name, publicKey: bytesToHex(publicKey), entries: rows }, null, 2)}\n`
}

const columns = [
  ...['time', 'result', 'what', 'note', 'recipient', 'amount', 'coin', 'network', 'asked by', 'signers', 'members'],
  ...['transaction', 'signed'],
]

/** RFC 4180, with a line for each recipient of a payment. */
export function historyCsv(rows: readonly HistoryRow[]): string {
  const lines = rows.flatMap((row) => {
    const recipients = row.recipients.length === 0 ? [{ address: '', amount: '', coin: '' }] : row.recipients
    return recipients.map(({ address, amount, coin }) => [
      ...[row.time, row.result, row.what, row.note, address, amount, coin, row.network, row.askedBy],
      ...[row.signers.join('; '), row.members.map(memberText).join('; '), row.transaction, row.signed],
    ])
  })
  return [columns, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
}

function memberText({ name, answer, time, by, reason }: HistoryRow['members'][number]): string {
  const who = by === '' || by === 'person' ? '' : ` by ${by}`
  return `${name}: ${answer}${who}${time === '' ? '' : ` ${time}`}${reason === '' ? '' : ` (${reason})`}`
}

/** A spreadsheet takes a cell that begins like a formula for one; others chose these words. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

function isoTime(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '' : new Date(milliseconds).toISOString()
}
