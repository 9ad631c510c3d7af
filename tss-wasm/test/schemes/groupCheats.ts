import { evaluate } from '../../groups/sharing.ts'
import { drawScalar, encodeScalar, type Element, type Requirement } from '../../groups/group.ts'
import { hexToBytes, integerToFixedBytes } from '../../integers/bytes.ts'
import { mod } from '../../integers/numberTheory.ts'
import type { GroupKeygenInput } from '../../schemes/keygen.ts'
import { keygenRounds, type Dealing } from '../../schemes/messages.ts'
import { possessionLength } from '../../schemes/possession.ts'
import type { KeySuite, SchemeName } from '../../schemes/suite.ts'
import { altered, choosing, rushing, type Cheating } from '../cheaters.ts'
import { seats } from '../network.ts'
import { partyRandom } from '../simulate.ts'
import { drawingOf } from './settings.ts'
import { entry } from '../../protocols/members.ts'

const zeros = (bytes: number): string => '00'.repeat(bytes)
const ff = (bytes: number): string => 'ff'.repeat(bytes)

/** Bytes that miss one requirement each; what they are is told in the tests of the groups. */
export const badElements: Readonly<Record<SchemeName, readonly (readonly [Requirement, string])[]>> = {
  ed25519: [
    ['element is canonical', `${ff(31)}7f`],
    ['element is on the curve', `02${zeros(31)}`],
    ['element is not the identity', `01${zeros(31)}`],
    ['element is not of small order', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['element is in the prime-order group', '98519eadf35b995233b51b5cd23e9cc5a28b639b5a4af0ec903cb960d81b7819'],
  ],
  taproot: [
    ['element is canonical', `02${ff(32)}`],
    ['element is on the curve', `02${zeros(31)}05`],
    ['element is not the identity', zeros(33)],
  ],
  bls12381: [
    ['element is canonical', `9f${ff(47)}`],
    ['element is on the curve', `80${zeros(46)}01`],
    ['element is not the identity', `c0${zeros(47)}`],
    ['element is not of small order', `80${zeros(47)}`],
    ['element is in the prime-order group', `80${zeros(46)}04`],
  ],
}

const raised = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

/** Everything that party 2 of 3 can do in key generation; t is 2. */
export function keygenCheats<P extends Element<P>>(suite: KeySuite<P>): readonly Cheating<GroupKeygenInput<P>>[] {
  const { scheme, group } = suite
  const rounds = keygenRounds[scheme]
  const nonceLength = possessionLength(suite) - 32
  const saying = (change: (said: Dealing) => Partial<Dealing>) =>
    altered(rounds.dealing, (said) => ({ ...said, ...change(said) }))
  const scalar = (x: bigint): Uint8Array =>
    group.littleEndian ? integerToFixedBytes(x, 32).reverse() : integerToFixedBytes(x, 32)
  const [first, , third] = seats(3)
  /** What party 2 has to draw for the key to be zero, which only somebody who knew the draws of others could. */
  const cancelling = drawingOf(
    group,
    mod(-[first, third].reduce((sum, id) => sum + drawScalar(group, partyRandom(id as never)), 0n), group.order),
  )
  const bad = badElements[scheme].flatMap(([requirement, hex]): Cheating<GroupKeygenInput<P>>[] => [
    {
      name: `a commitment that misses "${requirement}"`,
      check: requirement,
      cheat: saying(({ commitments }) => ({
        commitments: commitments.map((own, c) => (c === 1 ? hexToBytes(hex) : own)),
      })),
    },
  ])
  return [
    ...bad,
    {
      name: 'a proof whose nonce is no element',
      check: 'element is on the curve',
      cheat: saying(({ proof }) => ({
        proof: new Uint8Array([
          ...hexToBytes(badElements[scheme][1]?.[1] ?? '').subarray(suite.xOnly ? 1 : 0),
          ...proof.subarray(nonceLength),
        ]),
      })),
    },
    {
      name: 'a polynomial of higher degree',
      check: 'dealing has as many elements as signers',
      cheat: saying(({ commitments }) => ({ commitments: [...commitments, ...commitments.slice(0, 1)] })),
    },
    {
      name: 'a polynomial of lower degree',
      check: 'dealing has as many elements as signers',
      cheat: saying(({ commitments }) => ({ commitments: commitments.slice(0, 1) })),
    },
    {
      name: 'another threshold',
      check: 'dealing has as many elements as signers',
      input: (honest) => ({ ...honest, threshold: 3 }),
    },
    {
      name: 'an answer of the proof that is not reduced',
      check: 'scalar is below the order',
      cheat: saying(({ proof }) => ({
        proof: new Uint8Array([...proof.subarray(0, nonceLength), ...scalar(group.order)]),
      })),
    },
    {
      name: 'a proof for something else',
      check: 'proof of possession',
      cheat: saying(({ proof }) => ({ proof: raised(proof, group.littleEndian ? nonceLength : proof.length - 1) })),
    },
    {
      name: 'the part of the key of party 1',
      check: 'proof of possession',
      cheat: rushing(rounds.dealing, (theirs) => entry(theirs, 0)),
    },
    {
      name: 'a key bound to something else',
      check: 'proof of possession',
      input: (honest) => ({ ...honest, context: Uint8Array.of(1) }),
    },
    {
      name: 'a wrong share',
      check: "dealt share is on the dealer's polynomial",
      cheat: altered(rounds.share, (said) => raised(said, group.littleEndian ? 0 : 31)),
    },
    {
      name: 'the share of another party',
      check: "dealt share is on the dealer's polynomial",
      cheat: altered(rounds.share, () => encodeScalar(group, evaluate(group, [5n, 7n], 9n))),
    },
    { name: 'a share of zero', check: 'scalar is not zero', cheat: altered(rounds.share, () => new Uint8Array(32)) },
    {
      name: 'a share that is not reduced',
      check: 'scalar is below the order',
      cheat: altered(rounds.share, () => scalar(group.order + 5n)),
    },
    {
      name: 'a part that cancels the others',
      check: 'parts combine to a key',
      random: choosing(partyRandom(2 as never), 0, cancelling),
      culprits: () => [],
    },
  ]
}
