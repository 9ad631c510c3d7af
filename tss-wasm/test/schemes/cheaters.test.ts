import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Element } from '../../groups/group.ts'
import { hexToBytes, integerToFixedBytes, utf8ToBytes } from '../../integers/bytes.ts'
import { explain, schemeChecks, type SchemeCheck } from '../../checks.ts'
import type { PartyId } from '../../partyId.ts'
import type { Outgoing } from '../../round/channel.ts'
import { blsKeygen, blsSign } from '../../schemes/blsSign.ts'
import type { BlsKeyShare } from '../../schemes/bls.ts'
import { frostSign, type FrostSignInput } from '../../schemes/frostSign.ts'
import type { GroupKeyShare } from '../../schemes/groupShare.ts'
import { groupKeygen } from '../../schemes/keygen.ts'
import { blsSignRounds, frostRounds, keygenRounds } from '../../schemes/messages.ts'
import { blsSuite, ed25519Suite, taprootSuite, type FrostSuite, type KeySuite } from '../../schemes/suite.ts'
import { altered, mishearing, type Cheating } from '../cheaters.ts'
import { equivocating, overheard } from '../identity/attacks.ts'
import { silent, tampering, seats } from '../network.ts'
import { company } from '../parties.ts'
import { results, simulate } from '../simulate.ts'
import { assertEverybodyNames, cheater, failureOf, honest, withCheater } from '../withCheater.ts'
import { withoutEvidence } from '../withoutEvidence.ts'
import { badElements, keygenCheats } from './groupCheats.ts'
import { blsKeygenSetting, blsSetting, frostSetting, groupKeygenSetting, newShares } from './settings.ts'

const tripped = new Set<string>()
const message = utf8ToBytes('Pay 1 to Ana')
const friends = await company(2, 3)

function inKeygen<P extends Element<P>>(suite: KeySuite<P>): void {
  describe(`a cheater in the key generation of ${suite.scheme}`, () => {
    const { table, inputs } = groupKeygenSetting(suite, 2, 3)
    for (const cheating of keygenCheats(suite)) {
      it(`with ${cheating.name} fails "${cheating.check}"`, async () => {
        assertEverybodyNames(await withCheater(groupKeygen<P>, { table, inputs }, cheating), cheating)
        tripped.add(cheating.check)
      })
    }

    it('that tells two stories about its part of the key is named, and no share of the key is made', async () => {
      const [, two, three] = seats(3) as [PartyId, PartyId, PartyId]
      const { name: round } = keygenRounds[suite.scheme].dealing
      const { outcomes } = await simulate(groupKeygen<P>, {
        table,
        inputs,
        wrap: (channel, id, network) =>
          id === two
            ? equivocating(channel, id, network, { company: friends, round, victim: three })
            : overheard(channel, id, friends, () => undefined),
      })
      for (const party of honest) {
        const outcome = outcomes.get(party)
        assert.ok(outcome?.ok === false)
        const check = 'broadcast is the same for everybody'
        assert.deepEqual(withoutEvidence(outcome.failure), {
          kind: 'misbehaviour',
          culprits: [cheater],
          check,
          detail: round,
        })
      }
    })
  })
}

function inSigning<P extends Element<P>>(suite: FrostSuite<P>): void {
  const { group, scheme } = suite
  const rounds = frostRounds[scheme]
  const scalar = (x: bigint): Uint8Array =>
    group.littleEndian ? integerToFixedBytes(x, 32).reverse() : integerToFixedBytes(x, 32)
  const flipped = (bytes: Uint8Array): Uint8Array =>
    bytes.map((byte, i) => (i === (group.littleEndian ? 0 : 31) ? byte ^ 1 : byte))
  const half = group.elementLength

  describe(`a cheater in signing with ${scheme}`, () => {
    let shares: readonly GroupKeyShare<P>[] = []
    before(async () => {
      shares = await newShares(suite, 2, 3)
    })

    const cheats: Cheating<FrostSignInput<P>>[] = [
      ...badElements[scheme].flatMap(([requirement, hex]): Cheating<FrostSignInput<P>>[] => [
        {
          name: `a first nonce commitment that misses "${requirement}"`,
          check: requirement,
          cheat: altered(rounds.nonces, (said) => new Uint8Array([...hexToBytes(hex), ...said.subarray(half)])),
        },
        {
          name: `a second nonce commitment that misses "${requirement}"`,
          check: requirement,
          cheat: altered(rounds.nonces, (said) => new Uint8Array([...said.subarray(0, half), ...hexToBytes(hex)])),
        },
      ]),
      {
        name: 'a wrong signature share',
        check: 'signature share is right',
        cheat: altered(rounds.share, flipped),
      },
      {
        name: 'a signature share that is not reduced',
        check: 'scalar is below the order',
        cheat: altered(rounds.share, () => scalar(group.order)),
      },
      {
        name: 'a signature share of zero',
        check: 'scalar is not zero',
        cheat: altered(rounds.share, () => scalar(0n)),
      },
      {
        name: 'another message',
        check: 'signature share is right',
        input: (own) => ({ ...own, message: utf8ToBytes('Pay 1 to Bob') }),
      },
      {
        name: "other nonces of a signer's than everybody heard",
        check: 'signature share is right',
        cheat: mishearing(rounds.nonces, (said) => new Uint8Array([...said.subarray(half), ...said.subarray(0, half)])),
      },
    ]
    for (const cheating of cheats) {
      it(`with ${cheating.name} fails "${cheating.check}"`, async () => {
        const { table, inputs } = frostSetting(suite, shares, message)
        const result = await withCheater(frostSign<P>, { table, inputs }, cheating)
        assertEverybodyNames(result, cheating)
        tripped.add(cheating.check)
        const isEarly = cheating.name.includes('nonce commitment')
        assert.equal(
          result.said.some(({ round }) => round === rounds.share.name),
          !isEarly,
          'no signature share leaves before every nonce is checked',
        )
      })
    }

    it('that tells two stories about its nonces is named, and no signature share leaves', async () => {
      const [, two, three] = seats(3) as [PartyId, PartyId, PartyId]
      const { table, inputs } = frostSetting(suite, shares, message)
      const left: string[] = []
      const { outcomes } = await simulate(frostSign<P>, {
        table,
        inputs,
        wrap: (channel, id, network) =>
          id === two
            ? equivocating(channel, id, network, { company: friends, round: rounds.nonces.name, victim: three })
            : overheard(channel, id, friends, (_, __, round) => left.push(round)),
      })
      for (const party of honest) {
        const outcome = outcomes.get(party)
        assert.ok(outcome?.ok === false)
        const check = 'broadcast is the same for everybody'
        const detail = rounds.nonces.name
        assert.deepEqual(withoutEvidence(outcome.failure), { kind: 'misbehaviour', culprits: [cheater], check, detail })
      }
      assert.ok(!left.includes(rounds.share.name))
    })

    it('that says nothing is awaited by name', async () => {
      for (const { name } of [rounds.nonces, rounds.share]) {
        const { table, inputs } = frostSetting(suite, shares, message)
        const result = await withCheater(frostSign<P>, { table, inputs }, { channel: (to) => silent(to, name) })
        for (const party of honest) {
          const failure = failureOf(result, party)
          assert.ok(failure.kind === 'timed-out')
          assert.deepEqual([failure.waitingFor, failure.round], [[cheater], name])
        }
      }
    })

    it('that sends bytes of another length is named', async () => {
      const longer = (message: Outgoing) => [{ ...message, body: new Uint8Array([...message.body, 0]) }]
      for (const { name } of [rounds.nonces, rounds.share]) {
        const { table, inputs } = frostSetting(suite, shares, message)
        const result = await withCheater(
          frostSign<P>,
          { table, inputs },
          { channel: (to) => tampering(to, name, longer) },
        )
        for (const party of honest) {
          const check = 'message is well formed'
          assert.deepEqual(failureOf(result, party), { kind: 'misbehaviour', culprits: [cheater], check, detail: name })
        }
      }
    })
  })
}

inKeygen(ed25519Suite)
inKeygen(taprootSuite)
inKeygen(blsSuite)
inSigning(ed25519Suite)
inSigning(taprootSuite)

describe('a cheater in signing with bls12381', () => {
  const domain = { kind: 'application', name: 'MPC-WALLET-v1', chainId: 1n } as const
  let shares: readonly BlsKeyShare[] = []
  before(async () => {
    shares = results(await simulate(blsKeygen, blsKeygenSetting(domain, 2, 3)))
  })
  const { partial } = blsSignRounds
  const cheats: Cheating<Parameters<typeof blsSign>[1]>[] = [
    {
      name: 'the partial signature of another message',
      check: 'signature share is right',
      input: (own) => ({ ...own, message: utf8ToBytes('Pay 1 to Bob') }),
    },
    {
      name: 'a partial signature for another chain',
      check: 'signature share is right',
      input: (own) => ({ ...own, share: { ...own.share, domain: { ...domain, chainId: 2n } } }),
    },
    {
      name: 'the identity',
      check: 'element is not the identity',
      cheat: altered(partial, (said) => said.map((_, i) => (i === 0 ? 0xc0 : 0))),
    },
    {
      name: 'bytes that are no point',
      check: 'element is on the curve',
      cheat: altered(partial, (said) => said.map((_, i) => (i === 0 ? 0x80 : 0))),
    },
    {
      name: 'a point that is not compressed',
      check: 'element is canonical',
      cheat: altered(partial, (said) => said.map((byte, i) => (i === 0 ? byte & 0x7f : byte))),
    },
  ]
  for (const cheating of cheats) {
    it(`with ${cheating.name} fails "${cheating.check}"`, async () => {
      const { table, inputs } = blsSetting(shares, message)
      assertEverybodyNames(await withCheater(blsSign, { table, inputs }, cheating), cheating)
      tripped.add(cheating.check)
    })
  }

  it('that had another domain in mind when the key was made has no part in it', async () => {
    const { table, inputs } = blsKeygenSetting(domain, 2, 3)
    const result = await withCheater(
      blsKeygen,
      { table, inputs },
      {
        input: (own) => ({ ...own, domain: { ...domain, chainId: 5n } }),
      },
    )
    assertEverybodyNames(result, { check: 'proof of possession' })
  })
})

describe('every check of the schemes', () => {
  it('has words for people', () => {
    for (const check of Object.keys(schemeChecks) as SchemeCheck[]) assert.ok((explain(check) ?? '').length > 20)
  })

  after(() => {
    assert.deepEqual(
      Object.keys(schemeChecks).filter((check) => !tripped.has(check)),
      [],
      'every check has its cheater',
    )
  })
})
