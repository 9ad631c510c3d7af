import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { create } from '@bufbuild/protobuf'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { signingDigest } from '../../tss-wasm/content/ethereum.ts'
import type { Failure } from '../../tss-wasm/failure.ts'
import { signConfirmation } from '../../tss-wasm/identity/confirmation.ts'
import { createIdentity, type Identity } from '../../tss-wasm/identity/identity.ts'
import type { Proposal } from '../../tss-wasm/identity/proposal.ts'
import { encodeRoster, signRoster } from '../../tss-wasm/identity/roster.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { type Company, gather, identityOf } from '../../tss-wasm/test/parties.ts'
import { completedWithoutUs } from '../session/signedByOthers.ts'
import { SessionSchema, SessionState } from '../../proto/gen/coordinator_pb.js'

const [one, two] = [1 as PartyId, 2 as PartyId]
const key = new Uint8Array(32).fill(3)
const publicKey = secp256k1.getPublicKey(key)
const content = { type: 'ethereum-message', message: Uint8Array.of(1, 2, 3) } as const
const proposal: Proposal = { kind: 'sign', publicKey, content }
const transcriptHash = new Uint8Array(32)

/** r, s, recovery. */
function signature(message: Uint8Array): Uint8Array {
  const digest = signingDigest({ ...content, message })
  const [recovery = 0, ...compact] = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
  return Uint8Array.from([...compact, recovery])
}

describe('a session that the coordinator calls completed without us', () => {
  let signers: Company
  let stranger: Identity
  before(async () => {
    stranger = await createIdentity()
    signers = gather(
      new Map([
        [one, await createIdentity()],
        [two, await createIdentity()],
      ]),
      2,
      proposal,
    )
  })

  const told = async (changes: {
    readonly results?: readonly Uint8Array[]
    readonly confirmedBy?: Identity
    readonly rosterBy?: Identity
    readonly session?: Uint8Array
    readonly as?: Proposal
  }): Promise<Failure> => {
    const { roster, proposal: proposalBytes } = signers
    const results = changes.results ?? [signature(content.message), signature(content.message)]
    const bytes = encodeRoster(roster)
    const confirmations = results.map((result, i) => {
      const seat = (i + 1) as PartyId
      const by = seat === two ? changes.confirmedBy : undefined
      return signConfirmation({ seat, result, transcriptHash }, roster, by ?? identityOf(signers, seat))
    })
    const session = create(SessionSchema, {
      state: SessionState.COMPLETED,
      roster: bytes,
      rosterSignature: await signRoster(bytes, changes.rosterBy ?? identityOf(signers, one)),
      participants: (await Promise.all(confirmations)).map((confirmation, i) => ({ seat: i + 1, confirmation })),
    })
    const agreed = {
      session: changes.session ?? roster.session,
      proposal: proposalBytes,
      creator: identityOf(signers, one).public,
    }
    return (await completedWithoutUs(session, changes.as ?? proposal, agreed)).failure
  }

  it('was signed by the others, when roster, confirmations and signature show it', async () => {
    assert.deepEqual(await told({}), {
      kind: 'refused',
      what: 'signed-by-others',
      detail: 'completed without this party',
    })
  })

  it('is the word of the coordinator when any of them does not', async () => {
    const honest = signature(content.message)
    const elsewhere = signature(Uint8Array.of(9))
    const keygen = { kind: 'keygen', walletName: 'x', threshold: 2, parties: 2, curve: 'secp256k1' } as const
    const forgeries: readonly (readonly [string, Parameters<typeof told>[0]])[] = [
      ['a confirmation is missing', { results: [honest] }],
      ['a confirmation is by somebody else', { confirmedBy: stranger }],
      ['the roster is by somebody else', { rosterBy: stranger }],
      ['the roster is of another session', { session: new Uint8Array(16) }],
      ['they confirm a signature of something else', { results: [elsewhere, elsewhere] }],
      ['they confirm different things', { results: [honest, elsewhere] }],
      ['they confirm a hash, of one signature', { results: [honest.slice(0, 32), honest.slice(0, 32)] }],
      ['it makes a new wallet', { as: keygen }],
    ]
    for (const [name, forgery] of forgeries) {
      const failure = await told(forgery)
      assert.ok(failure.kind === 'refused' && failure.what === 'coordinator', `${name}: ${JSON.stringify(failure)}`)
    }
  })
})
