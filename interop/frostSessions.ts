import assert from 'node:assert/strict'
import type { Element } from '../tss-wasm/groups/group.ts'
import type { SecpPoint } from '../tss-wasm/groups/secp256k1.ts'
import { utf8ToBytes } from '../tss-wasm/integers/bytes.ts'
import { entry } from '../tss-wasm/protocols/members.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { frostSign } from '../tss-wasm/schemes/frostSign.ts'
import type { GroupKeyShare } from '../tss-wasm/schemes/groupShare.ts'
import { groupKeygen } from '../tss-wasm/schemes/keygen.ts'
import { frostRounds, keygenRounds } from '../tss-wasm/schemes/messages.ts'
import { ed25519Suite, type FrostSuite, taprootSuite } from '../tss-wasm/schemes/suite.ts'
import { taprootOutputShare } from '../tss-wasm/schemes/taproot.ts'
import { seats } from '../tss-wasm/test/network.ts'
import { results, simulate } from '../tss-wasm/test/simulate.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { type FrostPeer, frostPeerKeygen, frostPeerSign, startFrostPeer } from './frostPeer.ts'

/** Whose engine a party runs. */
type Player = 'ours' | 'rust'

/** A key of parties of both kinds, and signatures by several choices of them. */
export interface FrostCase {
  readonly name: string
  readonly run: (program: string) => Promise<void>
}

export const frostCases: readonly FrostCase[] = [
  caseOf(
    'ed25519',
    ed25519Suite,
    2,
    ['ours', 'rust', 'ours'],
    [
      [1, 2],
      [2, 3],
      [1, 2, 3],
    ],
  ),
  caseOf(
    'ed25519',
    ed25519Suite,
    3,
    ['rust', 'ours', 'rust', 'ours', 'rust'],
    [
      [1, 2, 3],
      [2, 4, 5],
    ],
  ),
  caseOf(
    'taproot',
    taprootSuite,
    2,
    ['rust', 'ours', 'rust'],
    [
      [1, 2],
      [2, 3],
    ],
    asOutput,
  ),
  caseOf(
    'taproot',
    taprootSuite,
    2,
    ['ours', 'rust', 'ours'],
    [
      [1, 2],
      [2, 3],
      [1, 2, 3],
    ],
    asOutput,
  ),
]

/** The crates' DKG tweaks by itself; ours keeps the internal key (SCHEMES 5.1). */
function asOutput(share: GroupKeyShare<SecpPoint>): GroupKeyShare<SecpPoint> {
  return taprootOutputShare(share)
}

function caseOf<P extends Element<P>>(
  scheme: string,
  suite: FrostSuite<P>,
  threshold: number,
  players: readonly Player[],
  signings: readonly (readonly number[])[],
  asSigned: (share: GroupKeyShare<P>) => GroupKeyShare<P> = (share) => share,
): FrostCase {
  return {
    name: `${suite.name}, ${threshold} of ${players.length}: ${players.join(', ')}; signed ${signings.length} times`,
    async run(program) {
      await using peers = new AsyncDisposableStack()
      const rust = new Map<PartyId, FrostPeer>(
        seats(players.length).flatMap((seat, i) =>
          players[i] === 'rust' ? [[seat, peers.use(startFrostPeer(program, scheme))]] : [],
        ),
      )
      const partyKeys = new Map(seats(players.length).map((seat) => [seat, BigInt(seat)]))
      const made = await simulate(
        async (me, input: { readonly peer: FrostPeer | undefined }): Promise<GroupKeyShare<P> | Uint8Array> =>
          input.peer === undefined
            ? asSigned(await groupKeygen(me, { suite, threshold, partyKeys }))
            : frostPeerKeygen(me, input.peer, { suite, threshold, partyKeys }),
        {
          table: Object.values(keygenRounds[suite.scheme]),
          inputs: new Map(seats(players.length).map((seat) => [seat, { peer: rust.get(seat) }])),
          random: () => systemRandom,
        },
      )
      const keys = results(made)
      const shares = new Map(
        seats(players.length).flatMap((seat, i) => {
          const key = entry(keys, i)
          return key instanceof Uint8Array ? [] : [[seat, key] as const]
        }),
      )
      const [ours] = [...shares.values()]
      assert.ok(ours)
      const groupKey = ours.publicKey.toBytes()
      // A Taproot key is its x: the crates may keep the other y.
      const compared = (bytes: Uint8Array) => Buffer.from(suite.xOnly ? bytes.subarray(1) : bytes).toString('hex')
      for (const key of keys)
        assert.equal(compared(key instanceof Uint8Array ? key : key.publicKey.toBytes()), compared(groupKey))

      for (const [number, seated] of signings.entries()) {
        const signers = new Map(seated.map((seat) => [seat as PartyId, BigInt(seat)]))
        const message = utf8ToBytes(`signature ${number}`)
        const signed = await simulate(
          (me, input: { readonly share: GroupKeyShare<P> | undefined }) => {
            if (input.share !== undefined) return frostSign(me, { suite, share: input.share, signers, message })
            const peer = rust.get(me.id) ?? assert.fail()
            return frostPeerSign(me, peer, { suite, signers, message })
          },
          {
            table: Object.values(frostRounds[suite.scheme]),
            inputs: new Map([...signers.keys()].map((seat) => [seat, { share: shares.get(seat) }])),
            random: () => systemRandom,
          },
        )
        const signatures = results(signed).map((signature) => Buffer.from(signature).toString('hex'))
        assert.equal(new Set(signatures).size, 1, 'everybody puts together the same signature')
        assert.ok(suite.verifies(Buffer.from(signatures[0] ?? '', 'hex'), message, ours.publicKey))
      }
    },
  }
}
