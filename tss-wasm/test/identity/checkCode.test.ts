import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { bytesToHex } from '@noble/hashes/utils.js'
import { ProtocolAbort } from '../../failure.ts'
import { checkCode, codeCommitment, openCode, verifiedCheckCode } from '../../identity/checkCode.ts'
import { systemRandom } from '../../random.ts'
import type { PartyId } from '../../partyId.ts'
import { seats } from '../network.ts'
import { codeNonceOf, company, identityOf, type Company } from '../parties.ts'

const [one, two, three] = seats(3) as [PartyId, PartyId, PartyId]
let friends: Company
let openings: ReadonlyMap<PartyId, Uint8Array>
before(async () => {
  friends = await company(2, 3)
  openings = await opened(friends)
})

async function opened(all: Company): Promise<Map<PartyId, Uint8Array>> {
  const made = new Map<PartyId, Uint8Array>()
  for (const seat of seats(3))
    made.set(seat, await openCode(all.roster, seat, codeNonceOf(seat), identityOf(all, seat)))
  return made
}

const fails = (check: RegExp, culprits: readonly number[]) => (error: unknown) => {
  assert.ok(error instanceof ProtocolAbort && error.failure.kind === 'misbehaviour', String(error))
  assert.match(`${error.failure.check}: ${error.failure.detail ?? ''}`, check)
  assert.deepEqual(error.failure.culprits, culprits)
  return true
}

const withOpening = (opening: Uint8Array) => verifiedCheckCode(friends.roster, new Map([...openings, [two, opening]]))

describe('the check code', () => {
  it('is twelve digits, the same for all who hold the roster and the openings', async () => {
    const code = await verifiedCheckCode(friends.roster, openings)
    assert.match(code, /^\d{4} \d{4} \d{4}$/)
    assert.equal(await verifiedCheckCode({ ...friends.roster }, new Map([...openings].reverse())), code)
  })

  it('differs for another run, in which no earlier opening is accepted', async () => {
    const other = { ...friends, roster: { ...friends.roster, run: systemRandom(16) } }
    assert.notEqual(
      await verifiedCheckCode(other.roster, await opened(other)),
      await verifiedCheckCode(friends.roster, openings),
    )
    await assert.rejects(
      verifiedCheckCode(other.roster, openings),
      fails(/opening is signed by its party: party 1/, []),
    )
  })

  it('names who opens something else than it has committed to', async () => {
    const other = await openCode(friends.roster, two, new Uint8Array(32), identityOf(friends, two))
    await assert.rejects(withOpening(other), fails(/is what its party committed to/, [two]))
  })

  it('blames nobody for an opening that is missing, cut short, changed, or of another seat', async () => {
    const own = openings.get(two) ?? assert.fail()
    const changed = own.map((byte, at) => (at === 40 ? byte ^ 1 : byte))
    const ofThree = openings.get(three) ?? assert.fail()
    for (const bad of [new Uint8Array(), own.subarray(0, 95), changed, ofThree])
      await assert.rejects(withOpening(bad), fails(/opening is signed by its party: party 2/, []))
  })

  it('depends on every nonce: whoever fixes two rosters does not know what code either will have', () => {
    const hash = new Uint8Array(32)
    const nonces = [one, two, three].map(codeNonceOf)
    const code = checkCode(hash, nonces)
    for (const at of nonces.keys()) {
      const other = nonces.map((nonce, i) => (i === at ? new Uint8Array(32).fill(99) : nonce))
      assert.notEqual(checkCode(hash, other), code)
    }
  })

  it('and its commitments are computed as the specification says', () => {
    const session = new Uint8Array(16)
    const nonces = [one, two, three].map(codeNonceOf)
    assert.equal(
      bytesToHex(codeCommitment(session, two, codeNonceOf(two))),
      '126c8491ef9b012e33a08cbe51575dc4f41fc47fc88589ef36ce6c400574f1f1',
    )
    assert.equal(checkCode(new Uint8Array(32).fill(0xab), nonces), '5024 7399 0249')
  })
})
