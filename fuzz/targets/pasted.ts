import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { ethereumAddressIn, readPaymentUri } from '../../tss-wasm/content/addressUri.ts'
import { decodeAuthorization, encodeAuthorization } from '../../tss-wasm/content/authorization.ts'
import { bitcoinMessageDigest } from '../../tss-wasm/content/bitcoinMessage.ts'
import { meaningOfCall } from '../../tss-wasm/content/describe/calls.ts'
import { readDescription } from '../../tss-wasm/content/describe/description.ts'
import { callNotes, meaningOfTypedData } from '../../tss-wasm/content/describe/notes.ts'
import { decodeTransaction, encodeTransaction } from '../../tss-wasm/content/transaction.ts'
import {
  isAuthorizationJson,
  readAuthorizationJson,
  readTransactionJson,
} from '../../tss-wasm/content/transactionJson.ts'
import { decodeTypedData, importTypedData, type TypedNode } from '../../tss-wasm/content/typedData.ts'
import { urParts } from '../../tss-wasm/content/ur/parts.ts'
import { collectPsbt, psbtFrames, psbtOfUr } from '../../tss-wasm/content/ur/psbtUr.ts'
import { visibleText } from '../../tss-wasm/content/visibleText.ts'
import { accepts, promise, text, utf8, type Target } from '../target.ts'

// What people paste or show to the camera, beside the contents themselves.

const signer = '0x52908400098527886E0F7030069857D2E4169EE7'
const other = '0x8617E340B3D01FA5F11F306F4090FD50E238070D'
const fields = {
  ...{ chainId: 1, nonce: '0x7', to: other, value: '1000000000000000000', gas: 100_000 },
  ...{ maxFeePerGas: '0x6fc23ac00', maxPriorityFeePerGas: 1, data: '0x1234ab' },
}
const authorization = { chainId: 1, address: other, nonce: 3 }

/** A transaction or an authorization in JSON, alone or in the request of a dapp. */
export const transactionJson: Target = {
  name: 'transaction-json',
  words: [
    ...['"params":', '"method":"eth_sendTransaction"', '"gasPrice":', '"gasLimit":', '"type":"0x1"', '"accessList":[]'],
    ...['"authorizationList":', '"yParity":', '"input":', 'null', '1e18', '0.5'],
  ],
  seeds: () =>
    [
      fields,
      { jsonrpc: '2.0', id: 1, method: 'eth_sendTransaction', params: [{ ...fields, from: signer }] },
      { ...fields, type: 1, maxFeePerGas: null, maxPriorityFeePerGas: null, gasPrice: 9, accessList: [[other, []]] },
      { ...fields, type: 'eip7702', authorizationList: [{ ...authorization, yParity: 0, r: '0x1', s: '0x2' }] },
      { from: signer, to: other, data: '0x12' },
      authorization,
    ].map((json) => utf8(JSON.stringify(json))),
  read: (bytes) =>
    accepts(() => {
      const pasted = text(bytes)
      if (isAuthorizationJson(pasted)) {
        const unsigned = encodeAuthorization(readAuthorizationJson(pasted))
        promise(
          Buffer.compare(encodeAuthorization(decodeAuthorization(unsigned)), unsigned) === 0,
          'it is written in one way',
        )
        return
      }
      const { transaction } = readTransactionJson(pasted, signer)
      if (transaction === undefined) return
      const unsigned = encodeTransaction(transaction)
      promise(
        Buffer.compare(encodeTransaction(decodeTransaction(unsigned)), unsigned) === 0,
        'it is written in one way',
      )
    }),
}

const described = {
  context: { contract: { deployments: [{ chainId: 1, address: other }] } },
  metadata: { owner: 'Ann', token: { ticker: 'TOK', decimals: 6 }, enums: { kinds: { 1: 'one' } } },
  display: {
    definitions: { to: { label: 'To', format: 'addressName' } },
    formats: {
      'send(address to,(uint256 amount,uint8 kind)[] parts,bytes rest)': {
        intent: 'Send',
        fields: [
          { path: 'to', $ref: '$.display.definitions.to' },
          { path: '#.parts.[].amount', label: 'Amount', format: 'tokenAmount', params: { tokenPath: '@.to' } },
          {
            path: 'parts',
            fields: [{ path: '[].kind', label: 'Kind', format: 'enum', params: { $ref: '$.metadata.enums.kinds' } }],
          },
          { path: 'rest', label: 'Call', format: 'calldata', params: { calleePath: 'to' } },
          { path: 'rest.[0:4]', label: 'Function' },
        ],
      },
    },
  },
}
const word = (value: string): string => value.padStart(64, '0')
const called = hexToBytes(
  [
    '00000000',
    ...[other.slice(2).toLowerCase(), '60', 'e0', '1', '5', '1', '0'].map(word),
    ...[word('4'), 'a9059cbb'.padEnd(64, '0')],
  ].join(''),
)
const message = {
  types: {
    Vote: [
      { name: 'id', type: 'uint256' },
      { name: 'why', type: 'bytes' },
    ],
  },
  primaryType: 'Vote',
  domain: { name: 'App', chainId: 1, verifyingContract: other },
  message: { id: 7, why: '0x1234' },
}
const typed = decodeTypedData(importTypedData(JSON.stringify(message)))
const ofMessages = {
  context: { eip712: { domain: { name: 'App' }, deployments: [{ chainId: 1, address: other }] } },
  display: {
    formats: {
      'Vote(uint256 id,bytes why)': {
        intent: 'Vote',
        fields: [
          { path: 'id', label: 'Motion', format: 'date', params: { encoding: 'timestamp' } },
          { path: 'why', label: 'Call', format: 'calldata', params: { callee: '@.to' } },
        ],
      },
    },
  },
}

/** A description (ERC-7730), and what it makes of a call and of typed data: it names what is there, and no more. */
export const description: Target = {
  name: 'description',
  words: [
    '"path":',
    '"$ref":"$.metadata.',
    '"params":',
    '"format":"tokenAmount"',
    '.[]',
    '[-1]',
    '#.',
    '@.to',
    '"fields":[',
    'tuple',
    '(',
    '[2]',
  ],
  seeds: () => [described, ofMessages].map((json) => utf8(JSON.stringify(json))),
  read(bytes) {
    const json = parsed(text(bytes))
    if (json === undefined) return false
    const read = readable(json)
    if (read === undefined) return false
    const callee = { to: other, chainId: 1n }
    for (const { selector } of read.calls.slice(0, 10)) {
      const data = called.slice()
      data.set(hexToBytes(selector.slice(2)))
      const meaning = meaningOfCall(data, callee, [read])
      callNotes(data, callee, [read])
      if (meaning !== undefined)
        promise(areIn([...meaning.annotations.keys()], meaning.values), 'it names what is there')
    }
    const { annotations, notes } = meaningOfTypedData(typed, [read])
    promise(areIn([...annotations.keys()], typed.message), 'it names what is signed')
    promise(notes.includes('unknown') !== notes.includes('described'), 'what nobody describes is said to be unknown')
    return true
  },
}

function parsed(pasted: string): unknown {
  try {
    return JSON.parse(pasted) as unknown
  } catch {
    return undefined
  }
}

/** Whatever is none is refused by an Error with words, which the operator reads. */
function readable(json: unknown) {
  try {
    return readDescription(json)
  } catch (error) {
    promise(error instanceof Error && !(error instanceof TypeError) && error.message !== '', 'it says what is wrong')
    return undefined
  }
}

function areIn(nodes: readonly TypedNode[], tree: readonly TypedNode[]): boolean {
  const all = new Set<TypedNode>()
  const gather = (some: readonly TypedNode[]): void => {
    for (const node of some) {
      all.add(node)
      if (typeof node.value === 'object') gather(node.value)
    }
  }
  gather(tree)
  return nodes.every((node) => all.has(node))
}

const psbt = Uint8Array.from({ length: 700 }, (_, i) => (i * i + 7 * i) % 251)
const frames = psbtFrames(psbt)

/** The frames of an animated QR code, in one text or one after the other. */
export const ur: Target = {
  name: 'ur',
  words: ['UR:', 'UR:CRYPTO-PSBT/', 'ur:psbt/', '/1-4/', '\n', 'HDCXAE'],
  seeds: () => [
    utf8(psbtFrames(psbt.subarray(0, 60)).at(0)),
    utf8(Array.from({ length: frames.count }, (_, i) => frames.at(i)).join('\n')),
    utf8(Array.from({ length: 3 * frames.count }, (_, i) => frames.at(i + frames.count)).join('\n')),
  ],
  read(bytes) {
    const shown = text(bytes)
    const take = collectPsbt()
    const readings = shown.split('\n').map((frame) => take(frame))
    for (const { progress } of readings) promise(progress >= 0 && progress <= 1, 'progress is a share')
    const read = readings.at(-1)?.bytes
    const whole = psbtOfUr(shown.replace(/\s+/g, ''))
    if (whole !== undefined) {
      const again = urParts('crypto-psbt', whole, 200)
      promise(again.count > 0 && again.at(0).startsWith('UR:'), 'what was read can be shown')
    }
    return (read ?? whole) !== undefined
  },
}

const owner = secp256k1.getPublicKey(new Uint8Array(32).fill(7))

/** A message for Bitcoin, and its text as it is shown. */
export const bitcoinMessage: Target = {
  name: 'bitcoin-message',
  words: ['\x18Bitcoin Signed Message:\n', '\r\n', '\u202e', '\ufe0f', '\n\n\n\n\n'],
  seeds: () => ['', 'Hello World', 'grüezi 世界 👋\r\n', 'x'.repeat(70_000)].map(utf8),
  read: (message) =>
    accepts(() => {
      const digests = (['bip322', 'bip137'] as const).map((format) =>
        bitcoinMessageDigest({ type: 'bitcoin-message', message, format }, owner),
      )
      promise(
        digests.every(({ length }) => length === 32),
        'it has a digest',
      )
      promise(Buffer.compare(...(digests as [Uint8Array, Uint8Array])) !== 0, 'two ways of signing are two digests')
      const shown = visibleText(message)
      promise(shown.text === undefined || !visibleText(utf8(shown.text)).hasHidden, 'what is shown hides nothing')
    }),
}

/** An address with what is to be paid to it. */
export const paymentUri: Target = {
  name: 'payment-uri',
  words: ['ethereum:', 'bitcoin:', 'pay-', '@1', '?value=', '?amount=', '&', '%', '2.014e18', '/transfer'],
  seeds: () =>
    [
      `ethereum:${other}@1?value=2.014e18&gas=10`,
      `ethereum:pay-${other}`,
      'bitcoin:bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0l?amount=0.5&label=Ann',
    ].map(utf8),
  read(bytes) {
    const pasted = text(bytes)
    ethereumAddressIn(pasted)
    const uri = readPaymentUri(pasted)
    if (uri === undefined) return false
    promise(uri.address.length > 0, 'it has an address')
    if (uri.network === 'ethereum') {
      promise(/^0x[0-9a-fA-F]{40}$/.test(uri.address), 'of forty digits')
      promise(uri.amount === undefined || BigInt(uri.amount) >= 0n, 'an amount is a number')
    }
    return true
  },
}
