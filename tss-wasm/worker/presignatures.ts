import { bytesToHex } from '@noble/hashes/utils.js'
import { sameBytes } from '../bytes.ts'
import type { PresignedSlots } from '../identity/roster.ts'
import { refused } from '../failure.ts'
import type { PartyId } from '../partyId.ts'
import type { PresignatureBatch } from '../protocols/presignature.ts'

/** What presignatures are for, and nothing else: one key of a wallet, with shares of one epoch, by these signers. */
export interface Purpose {
  /** Of the wallet, compressed, 33 bytes. */
  readonly publicKey: Uint8Array
  readonly epoch: number
  /** δ of the key below the wallet's own that signs; 0n for the wallet's own. */
  readonly tweak: bigint
  readonly signers: readonly PartyId[]
}

/** Presignatures that wait for messages (SPEC 12), in the memory of this worker and nowhere else. */
export interface ReadyPresignatures {
  /** Takes the place of those that were there for the same purpose. */
  keep(purpose: Purpose, batch: PresignatureBatch): void
  /** @throws ProtocolAbort `refused`: they are not here, too old, or for something else */
  find(purpose: Purpose, slots: PresignedSlots): PresignatureBatch
  /** What is free of those for a purpose; undefined where nothing is. */
  free(purpose: Purpose): FreePresignatures | undefined
  erase(which?: WhichPresignatures): void
}

export interface FreePresignatures extends PresignedSlots {
  /** How many. */
  readonly left: number
}

/** Left out: all of them. */
export interface WhichPresignatures {
  /** Those of one wallet: compressed, 33 bytes. */
  readonly publicKey?: Uint8Array
  /** This batch: sid, 32 bytes. */
  readonly batch?: Uint8Array
}

/** So long presignatures wait at most. Milliseconds. */
export const longestWaitMs = 24 * 3600_000

interface Kept {
  readonly batch: PresignatureBatch
  readonly publicKey: Uint8Array
  readonly madeAtMs: number
}

/** @param now milliseconds of a clock that also goes on while the device sleeps; one that is set back makes all too old */
export function readyPresignatures(now: () => number = () => Date.now()): ReadyPresignatures {
  const pools = new Map<string, Kept>()

  function drop(name: string): void {
    pools.get(name)?.batch.erase()
    pools.delete(name)
  }

  /** Also those that nobody asks for. */
  function dropOld(): void {
    for (const [name, { madeAtMs }] of [...pools]) {
      const ageMs = now() - madeAtMs
      if (ageMs < 0 || ageMs >= longestWaitMs) drop(name)
    }
  }

  return {
    keep(purpose, batch) {
      dropOld()
      const name = nameOf(purpose)
      drop(name)
      pools.set(name, { batch, publicKey: purpose.publicKey, madeAtMs: now() })
    },
    find(purpose, { batch: sid }) {
      dropOld()
      const kept = pools.get(nameOf(purpose))
      if (kept === undefined || !sameBytes(kept.batch.sid, sid))
        throw refused('presignature', 'the presignatures that the roster names are not here')
      return kept.batch
    },
    free(purpose) {
      dropOld()
      const { batch } = pools.get(nameOf(purpose)) ?? {}
      return batch && batch.left > 0 ? { batch: batch.sid, first: batch.next, left: batch.left } : undefined
    },
    erase({ publicKey, batch } = {}) {
      for (const [name, kept] of [...pools]) {
        const isOfWallet = publicKey === undefined || sameBytes(kept.publicKey, publicKey)
        if (isOfWallet && (batch === undefined || sameBytes(kept.batch.sid, batch))) drop(name)
      }
    },
  }
}

function nameOf({ publicKey, epoch, tweak, signers }: Purpose): string {
  const who = signers.toSorted((a, b) => a - b)
  return [bytesToHex(publicKey), epoch, tweak.toString(16), ...who].join(' ')
}
