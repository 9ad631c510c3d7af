import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeProposal, encodeProposal, type PresignProposal } from '../../identity/proposal.ts'
import { decodeRoster, encodeRoster, type Roster } from '../../identity/roster.ts'
import { cggmp24 } from '../../identity/signingProtocol.ts'
import { company, gather } from '../parties.ts'

const session = new Uint8Array(16).fill(1)
const proposal: PresignProposal = { kind: 'sign', publicKey: new Uint8Array(33).fill(2), presign: 8 }

describe('a proposal to make presignatures', () => {
  it('says how many, for which key, with which shares', () => {
    for (const each of [proposal, { ...proposal, epoch: 3 }, { ...proposal, path: [0, 7], presign: 64 }]) {
      assert.deepEqual(decodeProposal(encodeProposal(each, session)), { session, proposal: each })
    }
    const written = new TextDecoder().decode(encodeProposal({ ...proposal, epoch: 3, path: [1] }, session))
    assert.match(written, /,"publicKey":"(02)*","epoch":3,"path":\[1\],"presign":8}$/)
  })

  it('is for one to 64, and signs nothing', () => {
    const content = { type: 'raw-digest', digest: new Uint8Array(32) } as const
    for (const wrong of [{ presign: 0 }, { presign: 65 }, { presign: 1.5 }]) {
      assert.throws(() => encodeProposal({ ...proposal, ...wrong }, session), /proposal/)
    }
    const both = JSON.parse(new TextDecoder().decode(encodeProposal({ ...proposal }, session))) as object
    const bytes = new TextEncoder().encode(
      JSON.stringify({ ...both, content: { ...content, digest: '00'.repeat(32) } }),
    )
    assert.throws(() => decodeProposal(bytes), /proposal/)
  })
})

describe('a roster that names presignatures', () => {
  const rosterWith = async (changes: Partial<Roster>): Promise<Roster> => {
    const { identities } = await company(2, 2)
    return { ...gather(identities, 2, proposal, cggmp24).roster, ...changes }
  }

  it('says which batch, and its lowest slot that is free', async () => {
    const roster = await rosterWith({ presigned: { batch: new Uint8Array(32).fill(9), first: 63 } })
    assert.deepEqual(decodeRoster(encodeRoster(roster)), roster)
  })

  it('is refused where its signers sign otherwise, and for a slot that no batch has', async () => {
    const batch = new Uint8Array(32)
    const wrong: Partial<Roster>[] = [
      { presigned: { batch, first: 0 }, signing: undefined },
      { presigned: { batch, first: 64 } },
      { presigned: { batch, first: -1 } },
      { presigned: { batch: new Uint8Array(31), first: 0 } },
    ]
    for (const changes of wrong) {
      const roster = await rosterWith(changes)
      assert.throws(() => encodeRoster(roster), /roster/)
    }
  })
})
