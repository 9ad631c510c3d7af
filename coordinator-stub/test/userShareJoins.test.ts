import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { verifyMessage } from 'viem'
import { createCoordinator } from '../../participant/createCoordinator.ts'
import { memoryRuns } from '../../participant/connection/runs.ts'
import { assembleSigned, ethereumAddress } from '../../tss-wasm/content/ethereum.ts'
import { createIdentity, type Identity, sealIdentity } from '../../tss-wasm/identity/identity.ts'
import type { Roster } from '../../tss-wasm/identity/roster.ts'
import { writeShareOrder } from '../../tss-wasm/identity/shareOrder.ts'
import { sealWallet } from '../../tss-wasm/keyShare/seal.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { systemClock } from '../../tss-wasm/round/clock.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { localEngine } from '../../tss-wasm/test/localEngine.ts'
import { fixtureShare } from '../../tss-wasm/test/protocols/fixtureShare.ts'
import { signWithUserShare } from '../userShares/ceremonies.ts'
import { newShareKey, writeUserShare } from '../userShares/userShare.ts'
import { rig } from '../../testkit/harness.ts'

const seats = [1, 2, 3, 4, 5] as PartyId[]
const publicKey = fixtureShare(0).publicKey.toBytes(true)

/** What this seat of tss-lib's 3-of-5 wallet would have got from generate-user-share. */
async function userShare(seat: PartyId, identity: Identity, roster: Roster): Promise<Uint8Array> {
  const { bytes, key } = await newShareKey(systemRandom)
  const holders = roster.seats.map((each) => each.identity)
  const wallet = { name: 'Till', createdAtMs: 0, epoch: 0, seats: holders, share: fixtureShare(seat - 1) }
  const sealedShare = await sealWallet(wallet, { kind: 'key', key }, systemRandom)
  const sealedIdentity = await sealIdentity(identity, key, systemRandom)
  return writeUserShare({ publicKey, roster, sealedIdentity, sealedShare }, bytes)
}

/** Gives out the user share of a seat. */
async function wallet(): Promise<(seat: PartyId) => Promise<Uint8Array>> {
  const identities = await Promise.all(
    seats.map(async (seat) => ({ seat, identity: await createIdentity({ extractable: true }) })),
  )
  const roster: Roster = {
    protocol: 'quorate/1',
    kind: 'keygen',
    session: new Uint8Array(16),
    run: new Uint8Array(16),
    threshold: 3,
    proposalHash: new Uint8Array(32),
    creator: 1 as PartyId,
    seats: identities.map(({ seat, identity }) => ({ seat, identity: identity.public })),
  }
  return (wanted) => {
    const holder = identities.find(({ seat }) => seat === wanted)
    assert.ok(holder)
    return userShare(wanted, holder.identity, roster)
  }
}

describe('a user share that joins', () => {
  it('signs in a session that another party has opened, and nothing else than it was sent for', async () => {
    const at = await rig()
    const shareOf = await wallet()
    const participants = ['alice', 'bob', 'carol'].map((party_id, i) => ({
      seat: i + 1,
      party_id,
      type: 'user' as const,
    }))
    const milk = { type: 'ethereum-message', message: utf8ToBytes('ten pints of milk') } as const
    const gin = { type: 'ethereum-message', message: utf8ToBytes('gin') } as const

    /** Seat 1 opens the session, the others come once it is there. */
    const signerIn = (sessionId: string) => async (seat: PartyId, content: typeof milk) => {
      const share = await shareOf(seat)
      const joinToken = await at.services.tokens.issue({ sessionId, seat }, at.clock.now + 60_000)
      const ports = {
        coordinator: createCoordinator(at.transport, { random: systemRandom, runs: memoryRuns() }),
        parties: [],
        startEngine: () => localEngine(systemRandom, systemClock),
        random: systemRandom,
      }
      const ordered = { access: { sessionId, joinToken }, threshold: 3, participants, mySeat: seat }
      return signWithUserShare(
        ports,
        ordered,
        writeShareOrder({ session: hexToBytes(sessionId), proposal: { kind: 'sign', publicKey, content } }, share),
        { kind: 'sign', publicKey, content },
        new AbortController().signal,
      )
    }
    const opened = async (sessionId: string) => {
      for (;;) {
        if (await at.services.sessions.get(sessionId).then(Boolean, () => false)) return
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }

    const first = 'aa'.repeat(16)
    const sign = signerIn(first)
    const asking = sign(1 as PartyId, milk)
    await opened(first)
    const all = await Promise.all([asking, sign(2 as PartyId, milk), sign(3 as PartyId, milk)])
    for (const { signatures } of all) {
      const [signature] = signatures
      assert.ok(signature)
      const address = ethereumAddress(publicKey) as `0x${string}`
      const assembled = assembleSigned(milk, signature) as `0x${string}`
      assert.ok(await verifyMessage({ address, message: { raw: milk.message }, signature: assembled }))
    }

    const second = 'bb'.repeat(16)
    const signAgain = signerIn(second)
    const asked = assert.rejects(signAgain(1 as PartyId, gin))
    await opened(second)
    const refusals = [2, 3].map((seat) =>
      assert.rejects(signAgain(seat as PartyId, milk), /asked to sign something else, or by somebody without a share/),
    )
    await Promise.all([asked, ...refusals])
  })
})
