import { PublicKey, SecretKey, Signature, verify } from '@chainsafe/blst'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ETH2_TYPES as types } from 'micro-eth-signer/ssz.js'
import type { ValidatorObjectKind } from '../../content/schemeContent.ts'
import { decodeValidatorObject, validatorSigningRoot } from '../../content/validator.ts'
import { bytesToHex, concatBytes, hexToBytes } from '../../integers/bytes.ts'
import { refusal } from './refusal.ts'

const signer = SecretKey.fromKeygen(new Uint8Array(32).fill(7)).toPublicKey().toBytes()
const little = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value, true)
  return bytes
}
const ether = 1_000_000_000n

const deposit = (credentials: string, amount: bigint, key: Uint8Array = signer): Uint8Array =>
  concatBytes(key, hexToBytes(credentials), little(amount))

/** Deposits that others have made and published, with staking-deposit-cli and ethstaker-deposit-cli. */
const made = [
  {
    chainId: 1n,
    pubkey: 'b56720cc59e4fa235e5569dbbf1b90a746d5da9809fae4a10e31724aeb1962d948ae95f5aead9dbb7aa2c94972e5ce34',
    credentials: '0100000000000000000000003d80b31a78c30fc628f20b2c89d7ddbf6e53cedc',
    signature:
      '84739bf51b0995def38d6e744d063da983034903fc5a7e80c7cbcb05898057a047956b380be42bd128f0dce2ef98e08902a16d7152fc431809f2ced350e6535328b9a303348bed0dfb40d093046fafcd2dc9a68018bfd7496ec5d29d4fb9fa7d',
  },
  {
    chainId: 1n,
    pubkey: '8bfc0efc0209514a62cda2de8346a3a0849352eb830e0ff5b525642d93b9095d879a2789b284da14e348f85711b6b6d0',
    credentials: '010000000000000000000000ac0f906e433d58fa868f936e8a43230473652885',
    signature:
      'b55612acebde460bb273d100bc1574a21aea12f168ad7921cca855b6bf587646b0da329d4b17944773a876a90d87939a001a3857ca224b300ebe57703dce6be37d074e892fd65aa64e92284092efa14c38c1ed17f9fb4e3cd7a585ea66d46b03',
  },
  {
    chainId: 560048n,
    pubkey: '8b29b853aef47eb3da93287a83b4625b418bf5a785bb506086e9f315478170cdb452fb63f32f8134835fc4ebea3313a7',
    credentials: '0100000000000000000000004473dcddbf77679a643bdb654dbd86d67f8d32f2',
    signature:
      'abcff77128a76dff62529f2a081f2143f77404c29087da1f4e12a8c6e8506dfb079085fdf72da8903e9c8c63ddf04129143090e92b6a17c993919e62047880cf54160f350271dff1b70e616e4210a5521836334d1139ece549ba513d503d0d90',
  },
]

describe('the signing root of a validator object', () => {
  for (const [i, { chainId, pubkey, credentials, signature }] of made.entries()) {
    it(`is what was signed in published deposit ${i + 1}, on its own chain only`, () => {
      const key = hexToBytes(pubkey)
      const ssz = deposit(credentials, 32n * ether, key)
      const takes = (root: Uint8Array) =>
        verify(root, PublicKey.fromBytes(key, true), Signature.fromHex(signature, true))
      for (const chain of [1n, 11155111n, 560048n])
        assert.equal(takes(validatorSigningRoot('deposit', ssz, key, chain)), chain === chainId)
    })
  }

  const mainnet = hexToBytes('4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95')
  /** By micro-eth-signer's SSZ. */
  const root = (objectRoot: Uint8Array, type: number, version: string, genesis: Uint8Array): Uint8Array => {
    const fork = types.ForkData.merkleRoot({
      current_version: hexToBytes(version),
      genesis_validators_root: genesis,
    })
    const domain = concatBytes(Uint8Array.of(type, 0, 0, 0), fork.subarray(0, 28))
    return types.SigningData.merkleRoot({ object_root: objectRoot, domain })
  }
  const of = (kind: ValidatorObjectKind, ssz: Uint8Array) => bytesToHex(validatorSigningRoot(kind, ssz, signer, 1n))

  it('of a deposit is that of another implementation of SSZ', () => {
    const ssz = deposit(`02${'00'.repeat(11)}${'ab'.repeat(20)}`, 64n * ether)
    const objectRoot = types.DepositMessage.merkleRoot(types.DepositMessage.decode(ssz))
    assert.equal(of('deposit', ssz), bytesToHex(root(objectRoot, 3, '00000000', new Uint8Array(32))))
  })

  it('of an exit is that of another implementation of SSZ, for Capella', () => {
    const ssz = concatBytes(little(194_048n), little(1234n))
    const objectRoot = types.VoluntaryExit.merkleRoot(types.VoluntaryExit.decode(ssz))
    assert.equal(of('voluntary-exit', ssz), bytesToHex(root(objectRoot, 4, '03000000', mainnet)))
  })

  it('of a change to an address is that of another implementation of SSZ', () => {
    const ssz = concatBytes(little(2n ** 64n - 1n), signer, new Uint8Array(20).fill(0xab))
    const objectRoot = types.BLSToExecutionChange.merkleRoot(types.BLSToExecutionChange.decode(ssz))
    assert.equal(of('withdrawal-change', ssz), bytesToHex(root(objectRoot, 10, '00000000', mainnet)))
  })
})

describe('a validator object', () => {
  it('is decoded for who approves it', () => {
    const address = '0x4473dCDDbf77679A643BdB654dbd86D67F8d32f2'
    const ssz = deposit('0200000000000000000000004473dcddbf77679a643bdb654dbd86d67f8d32f2', 32n * ether)
    assert.deepEqual(decodeValidatorObject('deposit', ssz, signer), {
      kind: 'deposit',
      publicKey: new Uint8Array(signer),
      withdrawal: { kind: 'address', address, isCompounding: true },
      amount: 32n * ether,
    })
    const exit = concatBytes(little(5n), little(2n ** 63n))
    assert.deepEqual(decodeValidatorObject('voluntary-exit', exit, signer), {
      kind: 'voluntary-exit',
      epoch: 5n,
      validatorIndex: 2n ** 63n,
    })
    const change = concatBytes(little(9n), signer, hexToBytes(address.slice(2).toLowerCase()))
    assert.deepEqual(decodeValidatorObject('withdrawal-change', change, signer), {
      kind: 'withdrawal-change',
      validatorIndex: 9n,
      fromPublicKey: new Uint8Array(signer),
      toAddress: address,
    })
    const byKey = deposit(`00${'11'.repeat(31)}`, ether)
    const decoded = decodeValidatorObject('deposit', byKey, signer)
    assert.ok(decoded.kind === 'deposit' && decoded.withdrawal.kind === 'bls-key')
    assert.equal(bytesToHex(decoded.withdrawal.keyHash), '11'.repeat(31))
  })

  const other = SecretKey.fromKeygen(new Uint8Array(32).fill(8)).toPublicKey().toBytes()
  const toAddress = `01${'00'.repeat(11)}${'ab'.repeat(20)}`
  const refused: [string, ValidatorObjectKind, Uint8Array, string, string][] = [
    ['a bare root', 'voluntary-exit', new Uint8Array(32), 'voluntary-exit', 'wrong-length'],
    ['an object of another kind', 'deposit', concatBytes(little(1n), little(1n)), 'deposit', 'wrong-length'],
    ['a deposit for the key of somebody else', 'deposit', deposit(toAddress, ether, other), 'pubkey', 'other-signer'],
    [
      'withdrawals of an unknown kind',
      'deposit',
      deposit(`03${'00'.repeat(31)}`, ether),
      'withdrawal_credentials',
      'wrong-value',
    ],
    [
      'an address with something before it',
      'deposit',
      deposit(`01${'00'.repeat(10)}01${'ab'.repeat(20)}`, ether),
      'withdrawal_credentials',
      'wrong-value',
    ],
    ['a deposit of less than an ether', 'deposit', deposit(toAddress, ether - 1n), 'amount', 'too-small'],
    ['a deposit above what a validator has', 'deposit', deposit(toAddress, 2048n * ether + 1n), 'amount', 'too-large'],
    [
      'a change of the withdrawals of somebody else',
      'withdrawal-change',
      concatBytes(little(1n), other, new Uint8Array(20)),
      'from_bls_pubkey',
      'other-signer',
    ],
  ]
  for (const [what, kind, ssz, field, rule] of refused) {
    it(`that is ${what} is refused`, () => {
      assert.deepEqual(
        refusal(() => validatorSigningRoot(kind, ssz, signer, 1n)),
        { field, rule },
      )
    })
  }

  it('for a chain that nobody knows here is refused', () => {
    const ssz = concatBytes(little(1n), little(1n))
    assert.deepEqual(
      refusal(() => validatorSigningRoot('voluntary-exit', ssz, signer, 5n)),
      {
        field: 'chain',
        rule: 'wrong-value',
      },
    )
  })
})
