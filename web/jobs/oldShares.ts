import { retirementsIn } from '../../participant/reshare/retirements.ts'
import { beginningOf } from '../../participant/reshare/walletEpochs.ts'
import type { StoredAttempt } from '../../participant/reshare/walletEpochs.ts'
import type { PublicIdentity } from '../../tss-wasm/identity/identity.ts'
import { sameIdentity } from '../../tss-wasm/identity/roster.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { recordedEpochs } from '../platform/walletEpochs.ts'

/** What is known of the shares that were in use before those of now. */
export interface OldShares {
  /** t of then: so many of them are still the whole key. */
  readonly threshold: number
  readonly holders: readonly OldShare[]
  /** How many may still exist, at most, going by what their holders have signed. */
  readonly mayExist: number
  /** By which they ended, for a device that was away: nothing secret. */
  readonly certificate: Uint8Array
}

export interface OldShare {
  readonly identity: PublicIdentity
  /** Whether whoever held it is a member now. */
  readonly isMember: boolean
  /** erased: its holder says so. in-backups: erased, but for backups until then. silent: no word, as of a lost device. */
  readonly state: 'erased' | 'in-backups' | 'silent'
  readonly backupsUntilMs: number
}

/** Of a wallet that was reshared; undefined where none was, or where the words of it are not here. */
export async function oldSharesOf(wallet: WalletRecord, nowMs: number): Promise<OldShares | undefined> {
  const beginning = wallet.epochs && beginningOf(recordedEpochs(wallet))
  return beginning && oldSharesBefore(beginning, wallet, nowMs)
}

async function oldSharesBefore(beginning: StoredAttempt, wallet: WalletRecord, nowMs: number): Promise<OldShares> {
  const said = await retirementsIn(beginning, beginning.retired ?? [])
  const holders = beginning.from.members.map(({ seat, identity }): OldShare => {
    const isMember = wallet.seats.some((member) => sameIdentity(member, identity))
    const word = said.find((retired) => retired.seat === seat)
    if (word === undefined) return { identity, isMember, state: 'silent', backupsUntilMs: 0 }
    const backupsUntilMs = 1000 * word.backupsUntil
    return { identity, isMember, state: backupsUntilMs > nowMs ? 'in-backups' : 'erased', backupsUntilMs }
  })
  const mayExist = holders.filter(({ state }) => state !== 'erased').length
  const { from, certificate } = beginning
  return { threshold: from.threshold, holders, mayExist, certificate }
}
