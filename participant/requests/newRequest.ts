import type { SigningOrder } from '../../tss-wasm/content/signing.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { RandomSource } from '../../tss-wasm/random.ts'
import { longestLifeMs, type Request } from '../../tss-wasm/requests/request.ts'

/** What a member asks the others of its wallet to sign, before it has a name and a time. */
export interface Wanted extends SigningOrder {
  readonly from: PartyId
  /** Of the shares that sign; 0 before the wallet was reshared. */
  readonly epoch: number
  readonly note: string
  /** How long it waits, at most seven days. */
  readonly lifeMs: number
  /** An earlier request of ours that ends with this one. */
  readonly replaces?: Uint8Array | undefined
}

/** What is usual is left out, so that there is one way to write each (SPEC 11). */
export function newRequest(wanted: Wanted, nowMs: number, random: RandomSource): Request {
  const { from, publicKey, epoch, path = [], content, note, lifeMs, replaces } = wanted
  return {
    ...{ id: random(16), salt: random(16), from, publicKey, content, note, createdMs: nowMs },
    ...(epoch > 0 && { epoch }),
    ...(path.length > 0 && { path }),
    ...(replaces !== undefined && { replaces }),
    expiresMs: nowMs + Math.min(lifeMs, longestLifeMs),
  }
}
