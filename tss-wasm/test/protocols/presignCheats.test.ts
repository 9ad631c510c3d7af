import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { generator, order } from '../../curve/point.ts'
import { randomScalar, reduceScalar } from '../../curve/scalar.ts'
import type { Failure } from '../../failure.ts'
import { integerToFixedBytes } from '../../integers/bytes.ts'
import { explain, presigningChecks, type ProtocolCheck } from '../../checks.ts'
import { verifyEvidence } from '../../identity/evidence.ts'
import { fingerprint } from '../../identity/identity.ts'
import { presign } from '../../protocols/presign.ts'
import type { PresignInput } from '../../protocols/presignSession.ts'
import { entry } from '../../protocols/members.ts'
import { onlineRounds, presignRounds, presignTable } from '../../protocols/presignMessages.ts'
import { PresignatureBatch, type Message, type Presignature } from '../../protocols/presignature.ts'
import { signOnline } from '../../protocols/signOnline.ts'
import type { PartyId } from '../../partyId.ts'
import type { Broadcast, Private } from '../../round/mailbox.ts'
import { Secret } from '../../secret.ts'
import { seededRandom } from '../../../testkit/seededRandom.ts'
import { altered, choosing, together, type Cheat, type Cheating } from '../cheaters.ts'
import { equivocating, noise, overheard } from '../identity/attacks.ts'
import { seats, silent, tampering } from '../network.ts'
import { company, identityOf, type Company } from '../parties.ts'
import { partyRandom, results, simulate, type Result, type Setting } from '../simulate.ts'
import { onlineSetting, presignSetting, run } from './presignSettings.ts'
import { oldShares } from './reshareSetting.ts'

const [one, cheater, other] = seats(3) as [PartyId, PartyId, PartyId]
const honest = [one, other] as const
const rounds = presignRounds(3, 1)
const setting = presignSetting([0, 1, 2], 1)
const three = { setting, honest } as const
/**
 * Blame is 128 repetitions of every proof, for every other signer: among two it takes a quarter of the time. Among three,
 * where one party's proofs to another are checked by a third, it is played for γ.
 */
const two = { setting: settingOfTwo(), honest: [one] } as const
type Table = typeof three | typeof two

/** Signers 1 and 2 of a 2-of-3 key. */
function settingOfTwo(): Setting<PresignInput> {
  const shares = oldShares.slice(0, 2)
  const signers = new Map(shares.map(({ parties, index }, i) => [(i + 1) as PartyId, entry(parties, index).key]))
  const inputs = shares.map((share, i): [PartyId, PresignInput] => [
    (i + 1) as PartyId,
    { share, signers, run, slots: 1 },
  ])
  return { table: presignTable(2, 1), inputs: new Map(inputs) }
}

function evidenceOf(result: Result<unknown>, party: PartyId): Uint8Array | undefined {
  const failure = failureOf(result, party)
  return failure.kind === 'misbehaviour' ? failure.evidence : undefined
}

function failureOf(result: Result<unknown>, party: PartyId): Failure {
  const outcome = result.outcomes.get(party)
  assert.ok(outcome?.ok === false, `party ${party} noticed nothing`)
  return outcome.failure
}

/** Something else in the only slot. */
function inSlot<T extends object>(
  round: Broadcast<readonly T[]> | Private<readonly T[]>,
  change: (said: T) => Partial<T>,
): Cheat {
  return altered<readonly T[]>(round, (slots) => slots.map((said) => ({ ...said, ...change(said) })))
}

/** Says, and goes on with, something else: it stands by its lie, and looks for another culprit like the others. */
function standingBy<T extends object>(round: Broadcast<readonly T[]>, change: (said: T) => Partial<T>): Cheat {
  return altered<readonly T[]>(round, (slots) => {
    for (const said of slots) Object.assign(said, change(said))
    return slots
  })
}

/** The draw of each party's nonces that makes their sum zero, which takes knowing the others' randomness. */
function cancelling(draw: number): Uint8Array<ArrayBuffer> {
  const scalar = (random = partyRandom(one)): bigint => [0, 1].map(() => randomScalar(random))[draw] ?? 0n
  const sum = honest.reduce((total, id) => total + scalar(partyRandom(id)), 0n)
  return integerToFixedBytes(reduceScalar(-sum) - 1n, 32) // randomScalar adds 1
}

const nobody = (): PartyId[] => []
const falseδ = standingBy(rounds.combined, ({ δ }) => ({ δ: reduceScalar(δ + 1n) }))
const falseS = standingBy(rounds.combined, ({ S }) => ({ S: S.add(generator) }))
/** Of the product for the last of `signers`, the cheater left out. */
const falseOpenProof = (signers: number): Cheat =>
  altered(entry(presignRounds(signers, 1).multiplications, signers - 2), (proof) => ({
    ...proof,
    answers: proof.answers.map((answer, i) => (i === 5 ? { ...answer, z: answer.z + order } : answer)),
  }))

const cheats: readonly Cheating<PresignInput>[] = [
  {
    name: 'another K than proven',
    check: 'proof of K',
    cheat: inSlot(rounds.encryptedNonces, ({ K }) => ({ K: K - 1n })),
  },
  {
    name: 'another A2 than proven',
    check: 'proof of K',
    cheat: inSlot(rounds.encryptedNonces, ({ A2 }) => ({ A2: A2.negate() })),
  },
  {
    name: 'a false answer about K',
    check: 'proof of K',
    cheat: inSlot(rounds.rangeProofs, ({ ofK }) => ({ ofK: { ...ofK, z3: ofK.z3 - 1n } })),
  },
  {
    name: 'proofs in the wrong places',
    check: 'proof of K',
    cheat: inSlot(rounds.rangeProofs, ({ ofK, ofG }) => ({ ofK: ofG, ofG: ofK })),
  },
  {
    name: 'another G than proven',
    check: 'proof of G',
    cheat: inSlot(rounds.encryptedNonces, ({ G }) => ({ G: G - 1n })),
  },
  {
    name: 'a false answer about G',
    check: 'proof of G',
    cheat: inSlot(rounds.rangeProofs, ({ ofG }) => ({ ofG: { ...ofG, w: reduceScalar(ofG.w + 1n) } })),
  },
  {
    name: 'another Γ than encrypted',
    check: 'proof of Γ',
    cheat: inSlot(rounds.multiplied, ({ Γ }) => ({ Γ: Γ.double() })),
  },
  {
    name: 'another product with γ than proven',
    check: 'proof of the product with γ',
    cheat: inSlot(rounds.multiplied, ({ products }) => ({ products: products.map((p) => ({ ...p, D: p.hatD })) })),
  },
  {
    name: 'a false answer about the product with γ',
    check: 'proof of the product with γ',
    cheat: inSlot(rounds.productProofs, ({ withγ }) => ({ withγ: { ...withγ, z4: withγ.z4 - 1n } })),
  },
  {
    name: 'another product with x than proven',
    check: 'proof of the product with x',
    cheat: inSlot(rounds.multiplied, ({ products }) => ({ products: products.map((p) => ({ ...p, hatF: p.F })) })),
  },
  {
    name: 'a false answer about the product with x',
    check: 'proof of the product with x',
    cheat: inSlot(rounds.productProofs, ({ withX }) => ({ withX: { ...withX, z1: withX.z1 - 1n } })),
  },
  {
    name: 'a γ that cancels those of the others',
    check: 'parts of Γ combine to a nonce',
    random: choosing(partyRandom(cheater), 1, cancelling(1)),
    culprits: nobody,
  },
  {
    name: 'a k that cancels those of the others',
    check: 'δ is invertible',
    random: choosing(partyRandom(cheater), 0, cancelling(0)),
    culprits: nobody,
  },
  {
    name: 'another Δ than encrypted',
    check: 'proof of Δ',
    cheat: inSlot(rounds.combined, ({ Δ }) => ({ Δ: Δ.double() })),
  },
  { name: 'a false δ', check: 'proof of δ', cheat: falseδ },
  {
    name: 'a false δ and a false proof of what it multiplied',
    check: 'open proof of the product with γ',
    cheat: together(falseδ, falseOpenProof(3)),
  },
]

const cheatsAmongTwo: readonly Cheating<PresignInput>[] = [
  {
    name: 'a false S and a false proof of what it multiplied',
    check: 'open proof of the product with x',
    cheat: together(falseS, falseOpenProof(2)),
  },
  { name: 'a false S', check: 'proof of S', cheat: falseS },
]

const tripped = new Set<string>()

type Dishonest = Pick<Cheating<PresignInput>, 'cheat' | 'random'> & Pick<Setting<PresignInput>, 'wrap'>

async function withCheater(
  { cheat = (mail) => mail, random = partyRandom(cheater), wrap = (channel) => channel }: Dishonest,
  among: Table = three,
): Promise<Result<PresignatureBatch>> {
  return simulate(presign, {
    ...among.setting,
    wrap,
    cheat: (mail, id) => (id === cheater ? cheat(mail) : mail),
    random: (id) => (id === cheater ? random : partyRandom(id)),
  })
}

describe('a cheater in presigning', () => {
  for (const [among, all] of [
    [three, cheats],
    [two, cheatsAmongTwo],
  ] as const) {
    for (const { name, check, culprits = () => [cheater], ...cheating } of all) {
      it(`among ${among.setting.inputs.size} with ${name} fails "${check}"`, async () => {
        const result = await withCheater(cheating, among)
        for (const party of among.honest) {
          assert.deepEqual(failureOf(result, party), { kind: 'misbehaviour', culprits: culprits(party), check })
        }
        tripped.add(check)
      })
    }
  }

  it('that says nothing while blame is sought is awaited', async () => {
    const result = await withCheater({
      cheat: falseδ,
      wrap: (channel, id) => (id === cheater ? silent(channel, rounds.decryption.name) : channel),
    })
    for (const party of honest) {
      const failure = failureOf(result, party)
      assert.ok(failure.kind === 'timed-out', JSON.stringify(failure))
      assert.deepEqual([failure.waitingFor, failure.round], [[cheater], rounds.decryption.name])
    }
  })
})

describe('two stories in a broadcast of presigning', () => {
  let friends: Company
  before(async () => {
    friends = await company(3, 3)
  })
  const { encryptedNonces, multiplied, combined } = rounds
  const others = (wrap: Setting<PresignInput>['wrap']): Dishonest => ({
    wrap: (channel, id, network) =>
      id === cheater ? (wrap?.(channel, id, network) ?? channel) : overheard(channel, id, friends, () => undefined),
  })
  const toOne = (victim: PartyId, round: string, lie?: (body: Uint8Array) => Uint8Array) =>
    withCheater(
      others((channel, id, network) =>
        equivocating(channel, id, network, { company: friends, round, victim, ...(lie && { lie }) }),
      ),
    )
  const named = (result: Result<unknown>, party: PartyId) => {
    const failure = failureOf(result, party)
    assert.ok(failure.kind === 'misbehaviour', JSON.stringify(failure))
    assert.deepEqual(failure.culprits, [cheater])
    return [failure.check, failure.detail]
  }
  const twoStories = 'broadcast is the same for everybody'
  const convicts = async (result: Result<unknown>, party: PartyId, round: string): Promise<void> => {
    assert.deepEqual(named(result, party), [twoStories, round])
    const file = evidenceOf(result, party)
    assert.ok(file, `party ${party} has nothing to show to others`)
    const shown = await verifyEvidence(file)
    assert.deepEqual([shown.seat, shown.rounds], [cheater, [round, round]])
    assert.equal(shown.fingerprint, fingerprint(identityOf(friends, cheater).public))
    assert.deepEqual(shown.session, friends.roster.session)
    for (const innocent of honest) {
      const accusing = new TextDecoder().decode(file).replaceAll(`"from":${cheater},`, `"from":${innocent},`)
      await assert.rejects(verifyEvidence(new TextEncoder().encode(accusing)), /has not signed statement 1/)
    }
  }
  /** A false proof convinces its reader; whether it is false, strangers cannot see. */
  const showsNothing = (result: Result<unknown>, party: PartyId): void => {
    assert.equal(evidenceOf(result, party), undefined)
  }

  for (const { name } of [multiplied, combined]) {
    it(`of "${name}" name who told them, before anything can be signed, to strangers too`, async () => {
      const result = await toOne(one, name)
      for (const party of honest) await convicts(result, party, name)
    })
  }

  const anotherK = (body: Uint8Array) =>
    encryptedNonces.codec.encode(encryptedNonces.codec.decode(body).map((said) => ({ ...said, K: said.K - 1n })))
  for (const [{ name }, victim, check, lie] of [
    [encryptedNonces, one, 'proof of K', anotherK],
    [multiplied, other, 'proof of the product with x', undefined],
  ] as const) {
    it(`of "${name}", of which one fails a check at once, are named by its reader and by the other`, async () => {
      const result = await toOne(victim, name, lie)
      assert.deepEqual(named(result, victim), [check, undefined])
      showsNothing(result, victim)
      await convicts(result, victim === one ? other : one, name)
    })
  }

  for (const { name } of [encryptedNonces, multiplied, combined]) {
    it(`of "${name}", of which one cannot be read, are named by its reader and by the other`, async () => {
      const result = await toOne(one, name, noise)
      assert.deepEqual(named(result, one), ['message is well formed', name])
      showsNothing(result, one)
      await convicts(result, other, name)
    })

    it(`of "${name}" are none where nobody can read it: all name its sender`, async () => {
      const result = await withCheater(
        others((channel, id) =>
          tampering(
            overheard(channel, id, friends, () => undefined),
            name,
            (message) => [{ ...message, body: noise() }],
          ),
        ),
      )
      for (const party of honest) assert.deepEqual(named(result, party), ['message is well formed', name])
    })
  }
})

describe('a cheater in signing with presignatures', () => {
  const { share } = onlineRounds(1)
  const random = seededRandom('messages')
  const message: Message = { digest: random(32), origin: 'content' }
  let copies: () => PresignatureBatch[]
  before(async () => {
    copies = copiesOf(results(await simulate(presign, setting)))
  })

  async function signed(cheat: Cheat, messageOfCheater = message): Promise<Result<unknown>> {
    const indexes = [0, 1, 2]
    const { inputs, table } = onlineSetting(copies(), indexes, [message])
    const changed = [...inputs].map(
      ([id, input]) => [id, id === cheater ? { ...input, messages: [messageOfCheater] } : input] as const,
    )
    return simulate(signOnline, {
      table,
      inputs: new Map(changed),
      cheat: (mail, id) => (id === cheater ? cheat(mail) : mail),
    })
  }
  const assertNamed = (result: Result<unknown>, check: ProtocolCheck): void => {
    for (const party of honest) {
      assert.deepEqual(failureOf(result, party), { kind: 'misbehaviour', culprits: [cheater], check })
    }
    tripped.add(check)
  }

  it('with a false σ is named', async () => {
    for (const change of [1n, order - 1n]) {
      const result = await signed(
        altered(share, (said) => ({ ...said, σ: said.σ.map((σ) => reduceScalar(σ + change)) })),
      )
      assertNamed(result, 'σ belongs to its presignature')
    }
  })

  it('with another digest is named', async () => {
    const result = await signed((mail) => mail, { digest: random(32), origin: 'content' })
    assertNamed(result, 'request is that of everybody')
  })

  it('with a share of σ that is out of range sends what cannot be read', () => {
    assert.throws(() => share.codec.encode({ request: new Uint8Array(32), σ: [order] }), RangeError)
    const body = share.codec.encode({ request: new Uint8Array(32), σ: [0n] })
    body.fill(0xff, 32)
    assert.throws(() => share.codec.decode(body), RangeError)
  })
})

/** Presignatures cannot be copied; a test that is to play one slot several times makes them again from what it took. */
function copiesOf(batches: readonly PresignatureBatch[]): () => PresignatureBatch[] {
  const { inputs } = setting
  const originals = batches.map((batch, i) => {
    const { sid, publicKey } = batch
    const signers = inputs.get((i + 1) as PartyId)?.signers ?? new Map<PartyId, bigint>()
    const messages: Message[] = [{ digest: new Uint8Array(32), origin: 'content' }]
    const [taken] = batch.take({ sid, first: 0, messages, signers })
    assert.ok(taken)
    return { binding: { sid, publicKey, signers }, taken, k: taken.k.reveal(), χ: taken.χ.reveal() }
  })
  return () =>
    originals.map(({ binding, taken, k, χ }) => {
      const again: Presignature = { ...taken, k: new Secret(k), χ: new Secret(χ) }
      return new PresignatureBatch(binding, [again])
    })
}

after(() => {
  for (const check of Object.keys(presigningChecks)) assert.ok((explain(check as ProtocolCheck) ?? '').length > 20)
  // Whose proofs all hold has told no lie, unless a proof is broken: what is left then cannot be played.
  const unplayable = ['shares of δ fit together', 'shares of χ fit together']
  assert.deepEqual(
    Object.keys(presigningChecks).filter((check) => !tripped.has(check) && !unplayable.includes(check)),
    [],
    'every check has its cheater',
  )
})
