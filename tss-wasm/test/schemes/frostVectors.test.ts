import { secp256k1_FROST as secpFrost } from '@noble/curves/secp256k1.js'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeScalar, timesGenerator, type Element } from '../../groups/group.ts'
import { bytesToHex, hexToBytes } from '../../integers/bytes.ts'
import type { PartyId } from '../../partyId.ts'
import type { Outgoing } from '../../round/channel.ts'
import { frostSign, type FrostSignInput } from '../../schemes/frostSign.ts'
import type { GroupKeyShare } from '../../schemes/groupShare.ts'
import { frostRounds } from '../../schemes/messages.ts'
import { ed25519Suite, taprootSuite, type FrostSuite } from '../../schemes/suite.ts'
import { Secret } from '../../secret.ts'
import { recorded } from '../network.ts'
import { results, simulate } from '../simulate.ts'
import { schemeFixture } from './fixtures.ts'
import { scripted } from './settings.ts'
import { entry } from '../../protocols/members.ts'

/** One signing by signers 1 and 3 of three, as both kinds of files have it. */
interface Vector {
  readonly groupKey: string
  readonly message: string
  readonly shares: readonly string[]
  readonly signers: readonly {
    readonly seat: number
    readonly randomness: readonly [string, string]
    readonly commitments: readonly [string, string]
    readonly share: string
  }[]
  readonly signature: string
}

interface RfcParticipant {
  readonly participant_share: string
  readonly hiding_nonce_randomness: string
  readonly binding_nonce_randomness: string
  readonly hiding_nonce_commitment: string
  readonly binding_nonce_commitment: string
  readonly sig_share: string
}

/** RFC 9591, appendix E. */
function ofRfc(name: string): Vector {
  const file = schemeFixture(name) as {
    readonly participants: Readonly<Record<string, RfcParticipant>>
    readonly group_public_key: string
    readonly message: string
    readonly sig: string
  }
  const participant = (seat: number) => entry(Object.values(file.participants), seat - 1)
  return {
    groupKey: file.group_public_key,
    message: file.message,
    shares: [1, 2, 3].map((seat) => participant(seat).participant_share),
    signers: [1, 3].map((seat) => {
      const own = participant(seat)
      return {
        seat,
        randomness: [own.hiding_nonce_randomness, own.binding_nonce_randomness],
        commitments: [own.hiding_nonce_commitment, own.binding_nonce_commitment],
        share: own.sig_share,
      }
    }),
    signature: file.sig,
  }
}

/** frost-rs's crates. */
function ofCrate(name: string): Vector {
  const file = schemeFixture(name) as {
    readonly inputs: {
      readonly verifying_key_key: string
      readonly message: string
      readonly participant_shares: readonly { readonly participant_share: string }[]
    }
    readonly round_one_outputs: { readonly outputs: readonly (RfcParticipant & { readonly identifier: number })[] }
    readonly round_two_outputs: { readonly outputs: readonly { readonly sig_share: string }[] }
    readonly final_output: { readonly sig: string }
  }
  return {
    groupKey: file.inputs.verifying_key_key,
    message: file.inputs.message,
    shares: file.inputs.participant_shares.map(({ participant_share }) => participant_share),
    signers: file.round_one_outputs.outputs.map((own, i) => ({
      seat: own.identifier,
      randomness: [own.hiding_nonce_randomness, own.binding_nonce_randomness],
      commitments: [own.hiding_nonce_commitment, own.binding_nonce_commitment],
      share: file.round_two_outputs.outputs[i]?.sig_share ?? '',
    })),
    signature: file.final_output.sig,
  }
}

function replays<P extends Element<P>>(name: string, suite: FrostSuite<P>, vector: Vector): void {
  it(`${name} gives the same commitments, signature shares and signature`, async () => {
    const { group } = suite
    const secrets = vector.shares.map((hex) => {
      const decoded = decodeScalar(group, hexToBytes(hex))
      assert.ok('passed' in decoded)
      return decoded.passed
    })
    const publicKey = group.decodeElement(hexToBytes(vector.groupKey))
    assert.ok('passed' in publicKey)
    const share = (index: number): GroupKeyShare<P> => ({
      suite,
      threshold: 2,
      index,
      secret: new Secret(secrets[index] ?? 0n),
      publicKey: publicKey.passed,
      parties: secrets.map((secret, i) => ({ key: BigInt(i + 1), publicShare: timesGenerator(group, secret) })),
    })
    const seatsOf = vector.signers.map(({ seat }) => seat as PartyId)
    const signers = new Map(seatsOf.map((seat) => [seat, BigInt(seat)]))
    const message = hexToBytes(vector.message)
    const inputs = seatsOf.map((seat): [PartyId, FrostSignInput<P>] => [
      seat,
      { suite, share: share(seat - 1), signers, message },
    ])
    const said = new Map(seatsOf.map((seat) => [seat, [] as Outgoing[]]))
    const signatures = results(
      await simulate(frostSign<P>, {
        table: Object.values(frostRounds[suite.scheme]),
        inputs: new Map(inputs),
        wrap: (channel, id) => recorded(channel, said.get(id) ?? []),
        random: (id) =>
          scripted(...(vector.signers.find(({ seat }) => seat === id)?.randomness ?? []).map((hex) => hexToBytes(hex))),
      }),
    )
    for (const { seat, commitments, share: signatureShare } of vector.signers) {
      const bodies = said.get(seat as PartyId)?.map(({ body }) => bytesToHex(body))
      assert.deepEqual(bodies, [commitments.join(''), signatureShare])
    }
    for (const signature of signatures) assert.equal(bytesToHex(signature), vector.signature)
  })
}

/** What RFC 9591 itself defines over secp256k1. No wallet signs with it: here it shows that the protocol is the RFC's. */
const secpSuite: FrostSuite<typeof taprootSuite.group.generator> = {
  ...taprootSuite,
  name: 'FROST-secp256k1-SHA256-v1',
  frost: secpFrost,
  verifies: (signature, message, key) => secpFrost.verify(signature, message, key.toBytes()),
}

describe('a signing with the randomness of', () => {
  replays('RFC 9591, appendix E.1', ed25519Suite, ofRfc('frost-rfc9591-ed25519'))
  replays('RFC 9591, appendix E.5', secpSuite, { ...ofRfc('frost-rfc9591-secp256k1') })
  replays('the crate frost-ed25519', ed25519Suite, ofCrate('frost-ed25519-zf'))
  replays('the crate frost-secp256k1-tr', taprootSuite, ofCrate('frost-secp256k1-tr'))
})

interface Ceremony {
  readonly suite: string
  readonly t: number
  readonly n: number
  readonly groupKey: string
  readonly verifyingShares: Readonly<Record<string, string>>
  readonly signings: readonly {
    readonly message: string
    readonly commitments: readonly { readonly id: string; readonly hiding: string; readonly binding: string }[]
    readonly shares: Readonly<Record<string, string>>
    readonly signature: string
  }[]
}

describe('a signing of noble and the Rust crates together', () => {
  const bytes = (hex: string) => new Uint8Array(hexToBytes(hex))
  const all = (record: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(record).map(([id, hex]) => [id, bytes(hex)]))
  for (const [i, ceremony] of (schemeFixture('frost-interop') as Ceremony[]).entries()) {
    const suite = [ed25519Suite, taprootSuite].find(({ name }) => name === ceremony.suite)
    for (const [k, signing] of ceremony.signings.entries()) {
      it(`number ${i + 1}.${k + 1} gives the same signature from the recorded shares`, () => {
        assert.ok(suite)
        const key = {
          signers: { min: ceremony.t, max: ceremony.n },
          commitments: [bytes(ceremony.groupKey)],
          verifyingShares: all(ceremony.verifyingShares),
        }
        const commitments = signing.commitments.map(({ id, hiding, binding }) => ({
          identifier: id,
          hiding: bytes(hiding),
          binding: bytes(binding),
        }))
        const message = hexToBytes(signing.message)
        for (const [id, share] of Object.entries(signing.shares))
          assert.ok(suite.frost.verifyShare(key, commitments, message, id, hexToBytes(share)))
        const signature = suite.frost.aggregate(key, commitments, message, all(signing.shares))
        assert.equal(bytesToHex(signature), signing.signature)
        const publicKey = hexToBytes(ceremony.groupKey)
        if (suite.scheme === 'ed25519') {
          const point = ed25519Suite.group.decodeElement(publicKey)
          assert.ok('passed' in point && ed25519Suite.verifies(signature, message, point.passed))
        } else {
          const point = taprootSuite.group.decodeElement(publicKey)
          assert.ok('passed' in point && taprootSuite.verifies(signature, message, point.passed))
        }
      })
    }
  }
})
