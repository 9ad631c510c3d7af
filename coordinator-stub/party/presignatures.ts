import { bytesToHex } from '@noble/hashes/utils.js'
import { ProtocolAbort, refused } from '../../tss-wasm/failure.ts'
import type { PresignedSlots } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { Engine, PresignaturesFor } from '../../tss-wasm/worker/api.ts'
import type { WhichPresignatures } from '../../tss-wasm/worker/presignatures.ts'
import type { PartyWallet } from './wallet.ts'

/**
 * What a server party has of presignatures (SPEC 12): one worker that keeps them, and who has paid for more. All of it is
 * gone with the process.
 */
export interface PartyPresignatures extends Disposable {
  /** The worker that has them; it outlives whoever asks for it. */
  engine(): Engine
  /** For a run that we start, with nobody else of ours naming them until it is disposed of; undefined where too few are free. */
  hold(of: PresignaturesFor, signatures: number): Promise<Held | undefined>
  /** A signature has been made: it pays for making presignatures once. */
  pay(of: PresignaturesFor): void
  /** Takes what was paid. @throws ProtocolAbort `refused` where nothing was, since the last ones were made */
  spend(of: PresignaturesFor): void
  /**
   * One session at a time makes presignatures of a wallet; of two that begin at once that of the lower seat.
   * @param by who has opened it @throws ProtocolAbort `refused` where another one is under way
   */
  beFilling(wallet: PartyWallet, by: PartyId): Disposable
  /** Whether so few are left that we propose to make new ones. */
  areLow(of: PresignaturesFor): Promise<boolean>
  erase(which?: WhichPresignatures): Promise<void>
}

export interface Held extends Disposable {
  readonly slots: PresignedSlots
}

/** A quarter is thrown away rather than that somebody waits. */
const lowBelow = 2

export function createPartyPresignatures(startEngine: () => Engine): PartyPresignatures {
  const paid = new Set<string>()
  const held = new Set<string>()
  /** By wallet: who has opened the session. */
  const filling = new Map<string, PartyId>()
  let running: Engine | undefined

  async function free(of: PresignaturesFor) {
    try {
      return await running?.freePresignatures(of)
    } catch (error) {
      if (!(error instanceof ProtocolAbort)) throw error
      // It has died, and all that it had with it.
      running?.[Symbol.dispose]()
      running = undefined
      return undefined
    }
  }

  return {
    engine: () => (running ??= startEngine()),
    async hold(of, signatures) {
      const name = nameOf(of)
      if (held.has(name)) return undefined
      held.add(name)
      const found = await free(of)
      if (found === undefined || found.left < signatures) {
        held.delete(name)
        return undefined
      }
      const { batch, first } = found
      return {
        slots: { batch, first },
        [Symbol.dispose]() {
          held.delete(name)
        },
      }
    },
    pay(of) {
      paid.add(nameOf(of))
    },
    spend(of) {
      if (!paid.delete(nameOf(of))) throw refused('declined', 'presignatures are made after signatures, once for each')
    },
    beFilling({ walletId, mySeat }, by) {
      const before = filling.get(walletId)
      if (before !== undefined && (before !== mySeat || by >= mySeat))
        throw refused('busy', 'presignatures of this wallet are made in another session')
      filling.set(walletId, by)
      return {
        [Symbol.dispose]() {
          if (filling.get(walletId) === by) filling.delete(walletId)
        },
      }
    },
    async areLow(of) {
      const { left = 0 } = (await free(of)) ?? {}
      return left < lowBelow
    },
    async erase(which) {
      await running?.erasePresignatures(which).catch(ignoringAborts)
    },
    [Symbol.dispose]() {
      running?.[Symbol.dispose]()
      running = undefined
    },
  }
}

function nameOf({ publicKey, epoch, path, signers }: PresignaturesFor): string {
  return [bytesToHex(publicKey), epoch, path.join('/'), ...signers.toSorted((a, b) => a - b)].join(' ')
}

/** What the signers of this roster can have presignatures for. */
export function presignaturesOf(
  { publicKey, epochs }: PartyWallet,
  path: readonly number[],
  signers: readonly PartyId[],
): PresignaturesFor {
  return { publicKey, epoch: epochs?.number ?? 0, path, signers }
}

function ignoringAborts(error: unknown): void {
  if (!(error instanceof ProtocolAbort)) throw error
}
