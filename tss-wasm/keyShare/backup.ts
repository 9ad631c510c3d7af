import { refused } from '../failure.ts'
import { decryptWithPassphrase, encryptToRecipient, encryptWithPassphrase } from './ageFile.ts'
import { writeIntegerJson, type Json, type JsonObject } from './integerJson.ts'
import type { Tools } from './tools.ts'
import { parseObject, readWallet, smallOf, walletFields, type Wallet } from './wallet.ts'

/** What a backup file holds (SPEC 10). */
export interface Backup {
  readonly madeAtMs: number
  /** What the people call the seats, 1 to n, and the names of server parties. Nothing secret. */
  readonly labels: readonly SeatLabel[]
  readonly wallet: Wallet
  /**
   * What the device knows of the epoch that the share is of (`participant/reshare/recordedEpochs.ts`), with the certificate that
   * began it: whoever restores holds the next proposal against it. Missing where the wallet was never reshared. Public.
   */
  readonly epochs?: string
  /** What the wallet was asked to sign, and how it ended, as its device knows it (web/jobs/historyBackup.ts). Nothing secret. */
  readonly history?: string
}

export interface SeatLabel {
  readonly label: string
  /** What the member called itself in the roster that everybody signed; missing where it did not. */
  readonly name?: string
  readonly serverParty?: string
}

const format = 1n
const longestLabel = 256

/** An age file that opens with the passphrase. @param workFactor lower only in tests */
export function writeBackup(
  backup: Backup,
  passphrase: Uint8Array,
  workFactor?: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return written(backup, (plain) => encryptWithPassphrase(plain, passphrase, workFactor))
}

/** The same, opened by the key of an age recipient. */
export function writeBackupFor(backup: Backup, recipient: string): Promise<Uint8Array<ArrayBuffer>> {
  return written(backup, (plain) => encryptToRecipient(plain, recipient))
}

async function written(
  { madeAtMs, labels, wallet, epochs, history }: Backup,
  sealed: (plain: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (labels.length !== wallet.seats.length) throw new Error('every seat has a label')
  const text = writeIntegerJson({
    quorateBackup: format,
    madeAtMs: BigInt(madeAtMs),
    seats: labels.map(({ label, serverParty = '', name }) => ({
      label,
      serverParty,
      ...(name !== undefined && { name }),
    })),
    ...(epochs !== undefined && { epochs }),
    ...(history !== undefined && { history }),
    wallet: walletFields(wallet),
  })
  const plain = new TextEncoder().encode(text)
  try {
    return await sealed(plain)
  } finally {
    plain.fill(0)
  }
}

/**
 * Opens a backup and validates everything in it, down to whether the primes are prime.
 * @throws ProtocolAbort `refused`: `backup: …` for the file, `key share: …` for what it holds
 */
export async function readBackup(file: Uint8Array, passphrase: Uint8Array, tools: Tools): Promise<Backup> {
  const plain = await decryptWithPassphrase(file, passphrase)
  try {
    const fields = contentOf(plain)
    if (fields.get('quoratebackup') !== format) throw refused('backup-foreign', 'not of a form that this program knows')
    const inner = fields.get('wallet')
    if (!(inner instanceof Map)) throw refused('backup-foreign', 'its content is not well formed: wallet')
    const wallet = await readWallet(inner, tools)
    const [epochs, history] = [fields.get('epochs'), fields.get('history')]
    return {
      ...{ madeAtMs: smallOf(fields, 'madeAtMs'), labels: labelsOf(fields.get('seats'), wallet), wallet },
      ...(typeof epochs === 'string' && { epochs }),
      ...(typeof history === 'string' && { history }),
    }
  } finally {
    plain.fill(0)
  }
}

function contentOf(plain: Uint8Array): JsonObject {
  try {
    return parseObject(plain)
  } catch {
    throw refused('backup-foreign', 'not of a form that this program knows')
  }
}

function labelsOf(json: Json | undefined, { seats }: Wallet): readonly SeatLabel[] {
  if (!Array.isArray(json) || json.length !== seats.length)
    throw refused('backup-foreign', 'its content is not well formed: seats')
  return (json as readonly Json[]).map((each) => {
    const [label, serverParty, name = ''] =
      each instanceof Map ? [each.get('label'), each.get('serverparty'), each.get('name')] : []
    if (!isLabel(label) || !isLabel(serverParty) || !isLabel(name))
      throw refused('backup-foreign', 'its content is not well formed: seats')
    return { label, ...(serverParty !== '' && { serverParty }), ...(name !== '' && { name }) }
  })
}

function isLabel(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestLabel
}
