import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { Transaction } from '@scure/btc-signer/transaction.js'
import { signingDigest } from '../../tss-wasm/content/ethereum.ts'
import { decodePsbt, importPsbt } from '../../tss-wasm/content/psbt.ts'
import { decodeTokenCall } from '../../tss-wasm/content/tokenCall.ts'
import { decodeTransaction, encodeTransaction } from '../../tss-wasm/content/transaction.ts'
import { importTypedData, typedDataDigest } from '../../tss-wasm/content/typedData.ts'
import { psbtOf } from '../../tss-wasm/test/content/payments.ts'
import { accepts, promise, text, utf8, type Target } from '../target.ts'

const to = '0x52908400098527886E0F7030069857D2E4169EE7'
const plain = {
  chainId: 1n,
  nonce: 7n,
  maxPriorityFeePerGas: 10n ** 9n,
  maxFeePerGas: 3n * 10n ** 10n,
  gasLimit: 100_000n,
  to,
  value: 10n ** 18n,
  data: new Uint8Array(),
  accessList: [],
}
const word = (value: string): string => value.padStart(64, '0')
const call = (selector: string, ...words: string[]): Uint8Array => hexToBytes(selector + words.map(word).join(''))

/** An unsigned transaction, as pasted or proposed. */
export const transaction: Target = {
  name: 'transaction',
  seeds: () => [
    encodeTransaction(plain),
    encodeTransaction({ ...plain, to: undefined, data: new Uint8Array(60).fill(0x60), chainId: 2n ** 40n }),
    encodeTransaction({ ...plain, data: call('a9059cbb', '11'.repeat(20), 'ff'), accessList: [entry] }),
    // nonce 9, gas price 20 gwei, 21000 gas, 1 ether, chain 1: the example of EIP-155.
    hexToBytes('ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080'),
  ],
  read: (bytes) =>
    accepts(() => {
      const read = decodeTransaction(bytes)
      promise(signingDigest({ type: 'ethereum-transaction', unsigned: bytes }).length === 32, 'it has a digest')
      promise(read.gasLimit * read.maxFeePerGas < 2n ** 256n && read.chainId > 0n, 'its numbers are in their bounds')
      promise(Buffer.compare(encodeTransaction(read), bytes) === 0, 'a transaction is written in one way')
    }),
}

const entry = { address: to, storageKeys: [new Uint8Array(32).fill(5)] }

export const tokenCall: Target = {
  name: 'token-call',
  seeds: () => [
    call('a9059cbb', '22'.repeat(20), '64'),
    call('23b872dd', '22'.repeat(20), '33'.repeat(20), '64'),
    call('42842e0e', '22'.repeat(20), '33'.repeat(20), '64'),
    call('095ea7b3', '22'.repeat(20), 'ff'.repeat(32)),
    call('39509351', '22'.repeat(20), 'ff'),
    call('a22cb465', '22'.repeat(20), '1'),
  ],
  read(bytes) {
    const read = decodeTokenCall(bytes)
    return read !== undefined
  },
}

const owner = secp256k1.getPublicKey(new Uint8Array(32).fill(7))
const elsewhere = { script: hexToBytes(`0014${'ab'.repeat(20)}`), amount: 40_000n }

/** A Bitcoin payment, as pasted and as proposed. */
export const psbt: Target = {
  name: 'psbt',
  words: [
    'psbt\xff',
    '\x01\x00\x00\x00',
    '\x00\x14',
    '\xff\xff\xff\xff',
    '\x01\xfb\x04\x02\x00\x00\x00',
    '\x01\x12\x04',
    '\x01\x11\x04',
  ],
  seeds: () => [
    psbtOf(owner, [{ path: [0, 0], amount: 50_000n }], [elsewhere]),
    psbtOf(
      owner,
      [
        { path: [], amount: 50_000n },
        { path: [1, 3], amount: 49_000n },
      ],
      [elsewhere, elsewhere],
    ),
    importPsbt(psbtOf(owner, [{ path: [0, 2], amount: 60_000n }], [elsewhere]), owner),
    // The same in version 2 (BIP-370).
    Transaction.fromPSBT(psbtOf(owner, [{ path: [0, 0], amount: 50_000n }], [elsewhere])).toPSBT(2),
  ],
  read: (bytes) =>
    accepts(() => {
      const canonical = importPsbt(bytes, owner)
      promise(Buffer.compare(importPsbt(canonical, owner), canonical) === 0, 'a payment is written in one way')
      const { inputs, outputs, fee } = decodePsbt(canonical, owner)
      const sum = (all: readonly { readonly amount: bigint }[]) => all.reduce((total, { amount }) => total + amount, 0n)
      promise(fee >= 0n && sum(inputs) === sum(outputs) + fee, 'what comes in goes out, or is the fee')
    }),
}

/** Typed data (EIP-712), as pasted. */
export const typedData: Target = {
  name: 'typed-data',
  words: [
    '"types":',
    '"primaryType":',
    '"EIP712Domain"',
    '"uint256"',
    '"bytes32[2]"',
    '"address[]"',
    '"verifyingContract":',
    '"params":',
    '"method":"eth_signTypedData_v4"',
    'null',
  ],
  seeds: () =>
    [
      {
        types: {
          EIP712Domain: [
            { name: 'name', type: 'string' },
            { name: 'chainId', type: 'uint256' },
            { name: 'verifyingContract', type: 'address' },
          ],
          Person: [
            { name: 'name', type: 'string' },
            { name: 'wallets', type: 'address[]' },
          ],
          Mail: [
            { name: 'from', type: 'Person' },
            { name: 'to', type: 'Person[2]' },
            { name: 'weight', type: 'int16' },
            { name: 'seal', type: 'bytes4' },
            { name: 'isUrgent', type: 'bool' },
          ],
        },
        primaryType: 'Mail',
        domain: { name: 'Ether Mail', chainId: 1, verifyingContract: to },
        message: {
          from: { name: 'Ann', wallets: [to] },
          to: [
            { name: 'Bob', wallets: [] },
            { name: 'Eve', wallets: [to, to] },
          ],
          weight: -7,
          seal: '0x01020304',
          isUrgent: true,
        },
      },
    ].flatMap((data) =>
      [data, { method: 'eth_signTypedData_v4', params: [to, JSON.stringify(data)] }].map((each) =>
        utf8(JSON.stringify(each)),
      ),
    ),
  read: (bytes) =>
    accepts(() => {
      const canonical = importTypedData(text(bytes))
      promise(typedDataDigest(canonical).length === 32, 'it has a digest')
      promise(Buffer.compare(importTypedData(text(canonical)), canonical) === 0, 'typed data is written in one way')
    }),
}
