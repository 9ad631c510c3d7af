import { bytesToHex } from '@noble/hashes/utils.js'
import type { OfferedSeat } from '../../proto/client/client.ts'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { assembleSigned, isSignedBy, signingDigest, transactionHash } from '../../tss-wasm/content/ethereum.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { PartyId } from '../../tss-wasm/round/channel.ts'
import type { Signature } from '../../tss-wasm/worker/api.ts'
import type { WalletRecord, WalletSeat } from '../platform/shareStore.ts'
import { inSeat, seatsOf, start, takeSeat, unlessCancelled, type Watch } from './ceremony.ts'
import { erasing } from './erasing.ts'
import { refused } from './failing.ts'
import type { Ports } from './ports.ts'
import { openShare } from './unlock.ts'

export interface SigningRequest {
  readonly wallet: WalletRecord
  readonly content: SigningContent
  /** Who signs with us: threshold - 1 seats of the wallet, server parties. */
  readonly coSigners: readonly WalletSeat[]
  /** UTF-8. Handed to the worker, overwritten in any case. */
  readonly passphrase: Uint8Array<ArrayBuffer>
}

/** Nothing here is secret once it exists. */
export interface Signed {
  /** 0x-hex, 32 bytes each */
  readonly r: string
  readonly s: string
  readonly yParity: number
  /** The signed transaction, or r || s || v of a message. 0x-hex. */
  readonly result: string
  /** Of a transaction: the hash by which its chain knows it. */
  readonly transactionHash: string | undefined
}

/**
 * Signs content together with server parties. The content is decoded and the passphrase tried before anybody is asked;
 * the parties are the ones pinned when the wallet was made.
 * @throws ProtocolAbort
 */
export async function signContent(
  ports: Ports,
  request: SigningRequest,
  watch: Watch,
  signal: AbortSignal,
): Promise<Signed> {
  const { wallet, content, coSigners } = request
  using passphrase = erasing(request.passphrase)
  const digest = signingDigest(content)

  watch({ type: 'step', step: 'unlocking' })
  using engine = ports.startEngine() // one worker, terminated on exit
  const sealedShare = await unlessCancelled(signal, openShare(ports, engine, wallet, passphrase.bytes.slice()))
  const identity = await unlessCancelled(signal, ports.identity.load())

  watch({ type: 'step', step: 'joining' })
  const mySeat = wallet.mySeat as PartyId
  const proposal = { kind: 'sign', publicKey: wallet.publicKey, content } as const
  const others = coSigners.map(offeredSeat)
  const opening = ports.coordinator.create({ identity, proposal, threshold: wallet.threshold, mySeat, others })
  await using seat = await takeSeat(signal, opening) // leaves the session, however we exit

  const signature = await inSeat(seat, async () => {
    const roster = await unlessCancelled(signal, start(ports, seat, seatsOf(others), watch))
    watch({ type: 'step', step: 'computing' })
    return unlessCancelled(
      signal,
      engine.sign(
        {
          me: mySeat,
          identity,
          roster,
          deadlineMs: ports.deadlines.roundMs,
          sealedShare,
          sealing: { kind: 'passphrase', passphrase: passphrase.bytes },
          content,
        },
        seat.channel,
        (progress) => {
          watch({ type: 'progress', progress })
        },
      ),
    )
  })
  const signed = assemble(wallet, content, digest, signature)

  watch({ type: 'step', step: 'confirming' })
  await whatever(seat.confirm(signature.confirmation))
  return signed
}

function offeredSeat({ seat, serverParty, signingKey, encryptionKey }: WalletSeat): OfferedSeat {
  if (serverParty === undefined) throw refused('co-signer: not a server party')
  return { seat: seat as PartyId, serverParty, pinned: { signingKey, encryptionKey } }
}

function assemble(wallet: WalletRecord, content: SigningContent, digest: Uint8Array, signature: Signature): Signed {
  if (!isSignedBy(wallet.publicKey, digest, signature))
    throw new Error('the engine returned a signature of another key')
  const result = assembleSigned(content, signature)
  return {
    r: `0x${bytesToHex(signature.r)}`,
    s: `0x${bytesToHex(signature.s)}`,
    yParity: signature.recovery,
    result,
    transactionHash: content.type === 'ethereum-transaction' ? transactionHash(result) : undefined,
  }
}

/** The signature is ours and verified; that another party's word of it is late or lost takes nothing from it. */
async function whatever(confirmed: Promise<unknown>): Promise<void> {
  try {
    await confirmed
  } catch (error) {
    if (!(error instanceof ProtocolAbort)) throw error
  }
}
