import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { signingTasks } from '../../tss-wasm/content/signing.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import type { HeardStatement, OpenedRequest } from '../../tss-wasm/requests/entry.ts'
import { encodeRequest, type Request, requestHash } from '../../tss-wasm/requests/request.ts'
import { stateOf } from '../../tss-wasm/requests/state.ts'
import type { Says } from '../../tss-wasm/requests/statement.ts'
import { membershipIn } from '../jobs/membership.ts'
import type { WaitingRequest } from '../jobs/mailroom.ts'
import type { WalletRecord } from '../platform/shareStore.ts'

const hourMs = 3600_000

/** As if they had been read: the name of each says how far it is. For screens; the wallet's key is that of the doubles. */
export function waitingRequests(wallet: WalletRecord, nowMs: number): readonly WaitingRequest[] {
  const reject = { type: 'reject', by: 'person', reason: 'Let us wait for the second offer' } as const
  return [
    waiting(wallet, nowMs, { digit: '1', from: 2, text: 'Pay the rent of December.' }, [[3, { type: 'seen' }]]),
    waiting(wallet, nowMs, { digit: '2', from: 1, text: 'A new roof.' }, [[3, reject]]),
    waiting(wallet, nowMs, { digit: '3', from: 1, text: 'Ten stamps.' }, [[2, { type: 'approve' }]]),
    waiting(wallet, nowMs, { digit: '4', from: 2, text: 'The gardener.' }, [
      [1, reject],
      [3, { type: 'approve' }],
      [3, 'signed'],
    ]),
  ]
}

interface Asked {
  /** Of its id, sixteen times twice. */
  readonly digit: string
  readonly from: number
  readonly text: string
}

function waiting(
  wallet: WalletRecord,
  nowMs: number,
  { digit, from, text }: Asked,
  said: readonly (readonly [seat: number, says: Says | 'signed'])[],
): WaitingRequest {
  const membership = membershipIn(wallet)
  if (membership === undefined) throw new Error('the wallet has members')
  const request: Request = {
    ...{ id: new Uint8Array(16).fill(Number(`0x${digit}${digit}`)), salt: new Uint8Array(16), from: from as PartyId },
    ...{ publicKey: wallet.publicKey, content: { type: 'ethereum-message', message: utf8ToBytes(text) } },
    ...{ note: 'For the office in the Long Lane', createdMs: nowMs - 5 * hourMs, expiresMs: nowMs + 67 * hourMs },
  }
  const bytes = encodeRequest(request)
  const hash = requestHash(bytes)
  const statements = said.map(([seat, says], i): HeardStatement => ({
    ...{ request: hash, seat: seat as PartyId, atMs: nowMs - 4 * hourMs + i, knows: [] },
    says: says === 'signed' ? signedBy(request) : says,
    hash: new Uint8Array(32).fill(i),
  }))
  const opened: OpenedRequest = { request, bytes, hash, statements, leftOut: [] }
  return { name: bytesToHex(request.id), wallet, opened, state: stateOf(opened, membership, nowMs) }
}

function signedBy(request: Request): Says {
  const secret = sha256(utf8ToBytes('a key for tests'))
  const signatures = signingTasks(request).map(({ digest }) => {
    const raw = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' })
    return { r: raw.slice(1, 33), s: raw.slice(33), recovery: raw[0] ?? 0 }
  })
  return { type: 'signed', signatures, signers: [2, 3] as unknown as readonly PartyId[] }
}
