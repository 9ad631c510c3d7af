import type { Query, Row } from '../storage/database.ts'
import { Refusal } from '../process/refusal.ts'
import { type AccountEpochs, decodeAccountEpochs, encodeAccountEpochs } from './accountEpochs.ts'
import type { Participant } from './participant.ts'

/** A finished wallet: its public key and who holds shares of it. */
export interface Account {
  readonly accountId: string
  readonly name: string
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  readonly threshold: number
  readonly participants: readonly Participant[]
  readonly suspended: boolean
  /** The name of the API key that it is of. */
  readonly ownedBy: string
  readonly sessionId: string
  readonly createdAtMs: number
  /** undefined where nobody has seen who its members are: a wallet of before there was this entry. */
  readonly epochs: AccountEpochs | undefined
}

/** Which shares sign: how often they were renewed. */
export function epochOf({ epochs }: Pick<Account, 'epochs'>): number {
  return epochs?.current.number ?? 0
}

/** @throws Refusal ALREADY_EXISTS when the wallet is an account of this owner already */
export async function addAccount(database: Query, account: Account): Promise<void> {
  const added = await database.query(
    `insert into accounts
       (account_id, name, public_key, threshold, participants, owned_by, session_id, created_at_ms, epochs)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning account_id`,
    [
      account.accountId,
      account.name,
      account.publicKey,
      account.threshold,
      JSON.stringify(account.participants),
      account.ownedBy,
      account.sessionId,
      account.createdAtMs,
      account.epochs === undefined ? null : encodeAccountEpochs(account.epochs),
    ],
  )
  if (added.length === 0) throw new Refusal('account_exists', 'this wallet already has an account')
}

export async function listAccounts(database: Query, ownedBy: string): Promise<readonly Account[]> {
  const rows = await database.query(
    'select * from accounts where owned_by = $1 order by created_at_ms, account_id limit 1000',
    [ownedBy],
  )
  return rows.map(decode)
}

/** @throws Refusal NOT_FOUND, also for somebody else's account */
export async function getAccount(database: Query, ownedBy: string, accountId: string): Promise<Account> {
  const sql = 'select * from accounts where account_id = $1 and owned_by = $2'
  const [row] = await database.query(sql, [accountId, ownedBy])
  if (row === undefined) throw new Refusal('not_found', 'no such account')
  return decode(row)
}

/** Every owner's. */
export async function accountsOfKey(database: Query, publicKey: Uint8Array): Promise<readonly Account[]> {
  const rows = await database.query('select * from accounts where public_key = $1 limit 100', [publicKey])
  return rows.map(decode)
}

/** The members of an account's wallet, of whom it is known by their signatures. Never those of an older epoch. */
export async function putEpochs(
  database: Query,
  { accountId, threshold, participants, epochs }: Pick<Account, 'accountId' | 'threshold' | 'participants' | 'epochs'>,
): Promise<void> {
  if (epochs === undefined) return
  await database.query(
    `update accounts set threshold = $2, participants = $3, epochs = $4
     where account_id = $1 and coalesce((epochs->'current'->>'number')::integer, 0) < $5`,
    [accountId, threshold, JSON.stringify(participants), encodeAccountEpochs(epochs), epochs.current.number],
  )
}

/** @throws Refusal NOT_FOUND */
export async function setSuspended(database: Query, ownedBy: string, accountId: string, to: boolean): Promise<Account> {
  const sql = 'update accounts set suspended = $3 where account_id = $1 and owned_by = $2'
  await database.query(sql, [accountId, ownedBy, to ? 'true' : 'false'])
  return getAccount(database, ownedBy, accountId)
}

function decode(row: Row): Account {
  return {
    accountId: row['account_id'] as string,
    name: row['name'] as string,
    publicKey: row['public_key'] as Uint8Array,
    threshold: row['threshold'] as number,
    participants: row['participants'] as readonly Participant[],
    suspended: row['suspended'] as boolean,
    ownedBy: row['owned_by'] as string,
    sessionId: row['session_id'] as string,
    createdAtMs: Number(row['created_at_ms']),
    epochs: decodeAccountEpochs(row['epochs']),
  }
}
