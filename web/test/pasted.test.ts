import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { RawPSBTV0 } from '@scure/btc-signer/psbt.js'
import { hashMessage, serializeTransaction } from 'viem'
import { signingDigest } from '../../tss-wasm/content/ethereum.ts'
import { keyAt } from '../../tss-wasm/content/keys.ts'
import { addressOf, keyHashScript } from '../../tss-wasm/content/scripts.ts'
import { signingTasks } from '../../tss-wasm/content/signing.ts'
import { decodeTransaction } from '../../tss-wasm/content/transaction.ts'
import { typedDataDigest } from '../../tss-wasm/content/typedData.ts'
import { psbtFrames } from '../../tss-wasm/content/ur/psbtUr.ts'
import { psbtOf } from '../../tss-wasm/test/content/payments.ts'
import { coinOf } from '../app/sign/chains.ts'
import { transactionTitle } from '../app/sign/contentSummary.ts'
import {
  fieldsOfUri,
  parseBitcoinMessage,
  parseFields,
  parseMessage,
  parsePasted,
  parsePsbt,
  parseTypedData,
  type FieldErrors,
  type Parsed,
  type TransactionFields,
} from '../app/sign/transactionForm.ts'
import { en } from '../app/texts/en.ts'

const signer = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const friend = '0x000000000022D473030F116dDEE9F6B43aC78BA3'
const form: TransactionFields = {
  ...{ chainId: '1', to: friend, value: '1', nonce: '0', maxFee: '30', tip: '1', gas: '60000', data: '' },
}

function errorsOf(parsed: Parsed): FieldErrors {
  assert.ok(
    'errors' in parsed,
    JSON.stringify(parsed, (_, each: unknown) => (typeof each === 'bigint' ? `${each}` : each)),
  )
  return parsed.errors
}

function contentOf(parsed: Parsed) {
  assert.ok('content' in parsed, JSON.stringify(parsed))
  return parsed.content
}

suite('an amount without recipient and without code is refused at every entrance', () => {
  const named =
    '{"chainId":1,"nonce":0,"gas":60000,"maxFeePerGas":"1","maxPriorityFeePerGas":"1","value":"1000000000000000000"}'
  const sentence =
    /^to is missing, and there is no data to create a contract with: the amount would be locked up for ever. Give the recipient/

  test('of JSON, of hex, and of the form', () => {
    assert.match(errorsOf(parsePasted(named, signer, en)).transaction ?? '', sentence)
    for (const to of ['null', '"0x"']) {
      const asJson = named.replace('"value"', `"to":${to},"value"`)
      assert.ok('transaction' in errorsOf(parsePasted(asJson, signer, en)), to)
    }
    const hex = serializeTransaction({
      ...{ type: 'eip1559', chainId: 1, nonce: 0, gas: 60_000n, value: 10n ** 18n },
      ...{ maxFeePerGas: 1n, maxPriorityFeePerGas: 1n },
    } as const)
    assert.match(errorsOf(parsePasted(hex, signer, en)).transaction ?? '', sentence)
    assert.equal(errorsOf(parseFields({ ...form, to: '' }, en)).to, en.sign.invalid.required)
  })

  test('where a signer takes it, whoever has proposed it', () => {
    const unsigned = hexToBytes(
      serializeTransaction({ type: 'eip1559', chainId: 1, gas: 60_000n, value: 1n, maxFeePerGas: 1n }).slice(2),
    )
    const content = { type: 'ethereum-transaction', unsigned } as const
    assert.throws(() => signingTasks({ publicKey: new Uint8Array(33), content }), /creates-nothing/)
  })
})

suite('what dapps hand over', () => {
  test('of personal_sign as 0x-hex is the bytes that it stands for, or its characters where somebody says so', () => {
    const hex = '0x48656c6c6f20776f726c64'
    const request = JSON.stringify({ id: 1, method: 'personal_sign', params: [hex, signer] })
    const digest = (parsed: Parsed) => {
      const content = contentOf(parsed)
      assert.ok(content.type === 'ethereum-message')
      return `0x${bytesToHex(signingDigest(content))}`
    }
    assert.equal(digest(parseMessage(hex, 'bytes', en)), hashMessage('Hello world'))
    assert.equal(digest(parseMessage(request, 'bytes', en)), hashMessage('Hello world'))
    assert.equal(digest(parseMessage(hex, 'text', en)), hashMessage(hex))
    for (const text of ['0x123', '0xhello', 'Hello 0x12', '0x']) {
      assert.equal(digest(parseMessage(text, 'bytes', en)), hashMessage(text), 'what is no hex is text')
    }
  })

  test('of messages with line ends of Windows keeps them', () => {
    const text = 'one\r\ntwo\r\n'
    const digests = [parseMessage(text, 'bytes', en), parseBitcoinMessage(text, 'bip322', en)].map((parsed) => {
      const content = contentOf(parsed)
      return 'message' in content ? new TextDecoder().decode(content.message) : ''
    })
    assert.deepEqual(digests, [text, text])
  })

  test('without nonce and fee fills the form, and without a network chooses none', () => {
    const dapp = { from: signer, to: friend, value: '0x16345785d8a0000', data: '0x1234' }
    for (const given of [dapp, { method: 'eth_sendTransaction', params: [dapp] }]) {
      assert.deepEqual(parsePasted(JSON.stringify(given), signer, en), {
        fields: { to: friend, value: '0.1', data: '0x1234' },
      })
    }
    const onGnosis = parsePasted(JSON.stringify({ ...dapp, chainId: '0x64', gas: '0xc350' }), signer, en)
    assert.deepEqual(onGnosis, { fields: { chainId: '100', to: friend, value: '0.1', gas: '50000', data: '0x1234' } })
    assert.equal(errorsOf(parseFields({ ...form, chainId: '' }, en)).chainId, en.sign.invalid.required)
  })

  test('and what is no part of it is dropped by name', () => {
    const types = { Vote: [{ name: 'id', type: 'uint256' }] }
    const data = { types, primaryType: 'Vote', domain: {}, message: { id: 1, note: 'x' }, account: signer }
    const parsed = parseTypedData(JSON.stringify(data), en)
    assert.ok('leftOut' in parsed)
    assert.deepEqual(parsed.leftOut, ['account', 'message.note'])
  })
})

suite('links', () => {
  test('of ethereum: fill recipient, network and amount', () => {
    const cases: readonly (readonly [string, Partial<TransactionFields>])[] = [
      [`ethereum:${friend}`, { to: friend }],
      [`ethereum:pay-${friend}@137?value=2.014e18`, { to: friend, chainId: '137', value: '2.014' }],
      [`ethereum:${friend}@1/transfer?address=${signer}&uint256=1`, {}],
      [friend, {}],
      [`ethereum:${friend}?req-escrow=1`, {}],
    ]
    for (const [uri, fields] of cases) assert.deepEqual(fieldsOfUri(uri), fields, uri)
    const content = contentOf(parseFields({ ...form, to: `ethereum:${friend.toLowerCase()}` }, en))
    assert.ok(content.type === 'ethereum-transaction')
    assert.equal(decodeTransaction(content.unsigned).to, friend)
    assert.equal(errorsOf(parseFields({ ...form, to: 'bitcoin:bc1qxyz' }, en)).to, en.sign.invalid.bitcoinAddress)
  })

  const secretKey = new Uint8Array(32).fill(7)
  const publicKey = secp256k1.getPublicKey(secretKey)
  const script = keyHashScript(secp256k1.getPublicKey(new Uint8Array(32).fill(9)))
  const address = addressOf(script) ?? ''
  const psbt = psbtOf(
    publicKey,
    [{ path: [], amount: 100_000n }],
    [
      { script, amount: 50_000n },
      { script: keyHashScript(keyAt(publicKey, [1, 0]).publicKey), amount: 49_000n },
    ],
  )
  const base64 = Buffer.from(psbt).toString('base64')
  const paid = (payee: string) => parsePsbt(base64, payee, publicKey, en)

  test('of bitcoin:, and addresses, say whom a PSBT has to pay, and how much', () => {
    for (const payee of [
      '',
      address,
      address.toUpperCase(),
      `bitcoin:${address}`,
      `BITCOIN:${address.toUpperCase()}?amount=0.0005&label=Ann`,
    ]) {
      contentOf(paid(payee))
    }
    const other = addressOf(keyHashScript(secp256k1.getPublicKey(new Uint8Array(32).fill(11)))) ?? ''
    assert.equal(errorsOf(paid(other)).payee, en.sign.invalid.notPaid)
    assert.match(errorsOf(paid(`bitcoin:${address}?amount=0.0006`)).payee ?? '', /pays 0.0005 BTC .* 0.0006 BTC/)
    for (const payee of [
      'hello',
      `${address.slice(0, -1)}q`,
      `bitcoin:${address}?amount=1,5`,
      `bitcoin:${address}?req-x=1`,
      friend,
    ]) {
      assert.equal(errorsOf(paid(payee)).payee, en.sign.invalid.payee, payee)
    }
    for (const text of [address, `bitcoin:${address}?amount=0.0005`]) {
      assert.equal(errorsOf(parsePsbt(text, '', publicKey, en)).psbt, en.sign.invalid.psbtAddress)
    }
  })

  test('and a UR is a PSBT like base64 and hex', () => {
    const { count, at } = psbtFrames(psbt)
    const frames = Array.from({ length: count }, (_, i) => at(i)).join('\n')
    for (const text of [frames, bytesToHex(psbt), `${base64.slice(0, 70)}\n${base64.slice(70)}`]) {
      assert.deepEqual(contentOf(parsePsbt(text, '', publicKey, en)), contentOf(paid('')))
    }
  })

  test('of a PSBT whose transaction has a version that is none names that version', () => {
    const raw = RawPSBTV0.decode(psbt)
    Object.assign(raw.global.unsignedTx ?? {}, { version: 4 })
    const refused = errorsOf(parsePsbt(bytesToHex(RawPSBTV0.encode(raw)), '', publicKey, en)).psbt
    assert.equal(refused, 'The transaction version (“4”) is not one of 1, 2 and 3.')
  })
})

suite('a network that nobody here knows has a coin that nobody here names', () => {
  test('and one that is known has its own', () => {
    const title = (chainId: bigint) => {
      const content = contentOf(parseFields({ ...form, chainId: chainId.toString() }, en))
      assert.ok(content.type === 'ethereum-transaction')
      return transactionTitle(decodeTransaction(content.unsigned), en)
    }
    assert.equal(title(1n), 'Send 1 ETH')
    assert.equal(title(56n), 'Send 1 BNB')
    assert.equal(title(987_654_321n), 'Send 1 of the network’s coin')
    const coins = [56n, 100n, 43_114n, 324n, 59_144n, 560_048n, undefined].map((id) => coinOf(id, en))
    assert.deepEqual(coins, ['BNB', 'xDAI', 'AVAX', 'ETH', 'ETH', 'ETH', 'of the network’s coin'])
  })
})

suite('a refusal names the thing, the value and what to do', () => {
  const types = {
    Mail: [
      { name: 'to', type: 'address' },
      { name: 'amount', type: 'uint256' },
    ],
  }
  const mail = { types, primaryType: 'Mail', domain: { name: 'App' }, message: { to: friend, amount: 1 } }
  const typed = (changes: object) => errorsOf(parseTypedData(JSON.stringify({ ...mail, ...changes }), en)).typed
  const transaction = {
    ...{ chainId: 1, nonce: 7, to: friend, value: 5, gas: 21_000, maxFeePerGas: 30, maxPriorityFeePerGas: 2 },
  }
  const pasted = (given: unknown) => errorsOf(parsePasted(JSON.stringify(given), signer, en)).transaction

  test('of typed data', () => {
    const sized = { types: { Mail: [{ name: 'amount', type: 'uint' }] }, message: { amount: 1 } }
    const wrongCase = { message: { to: friend.replace('aC', 'Ac'), amount: 1 } }
    const cases: readonly (readonly [string | undefined, string])[] = [
      [
        typed(sized),
        'types.Mail.amount (“uint”) is a type without a size, which is hashed differently by different programs; write its size, as in uint256.',
      ],
      [typed({ primaryType: undefined }), 'primaryType is missing; ask whoever made this for it.'],
      [typed({ primaryType: 'Letter' }), 'primaryType (“Letter”) is a type that is not declared; declare it in types.'],
      [
        typed(wrongCase),
        `message.to (“${wrongCase.message.to}”) has upper and lower case that do not fit (EIP-55): one character is probably wrong. Copy it again.`,
      ],
      [typed({ message: { to: friend } }), 'message.amount is missing; ask whoever made this for it.'],
      [typed({ message: { to: friend, amount: -1 } }), 'message.amount (“-1”) is too small; the least is: 0.'],
      [
        typed({ message: { to: friend, amount: 1.5 } }),
        'message.amount (“1.5”) is no whole number; write all its digits, without point or exponent.',
      ],
      [typed({ message: [] }), 'The message (“[…]”) is a list where one thing belongs; give one at a time.'],
      [typed({ domain: 'App' }), 'domain (“App”) does not fit its type; expected: {…}.'],
      [errorsOf(parseTypedData('{', en)).typed, 'The data is not well-formed JSON; copy it again, whole.'],
    ]
    for (const [said, sentence] of cases) assert.equal(said, sentence)
  })

  test('of transactions', () => {
    const cases: readonly (readonly [string | undefined, string])[] = [
      [
        pasted([transaction, transaction]),
        'The transaction (“2”) is a list where one thing belongs; give one at a time.',
      ],
      [
        pasted({ ...transaction, type: '0x3' }),
        'type is of a blob transaction (type 3, EIP-4844), which Quorate does not sign; ask for one without blobs.',
      ],
      [pasted({ ...transaction, type: 4 }), 'authorizationList is missing; ask whoever made this for it.'],
      [
        pasted({ ...transaction, type: 7 }),
        'type (“7”) is of a type Quorate does not know; it signs types 0 (legacy), 1, 2 and 4.',
      ],
      [
        pasted({ ...transaction, to: friend.replace('aC', 'Ac') }),
        `to (“${friend.replace('aC', 'Ac')}”) has upper and lower case that do not fit (EIP-55): one character is probably wrong. Copy it again.`,
      ],
      [
        pasted({ ...transaction, gas: 20_000 }),
        'gasLimit (“20000”) is less gas than any network takes this transaction for; raise it to at least: 21000.',
      ],
      [
        pasted({ method: 'eth_sign', params: [] }),
        'The transaction (“eth_sign”) is a request for something else; here belong: eth_sendTransaction, eth_signTransaction.',
      ],
      [
        errorsOf(parsePasted('0x05c0', signer, en)).transaction,
        'The authorization does not have the right number of fields; copy it again, whole.',
      ],
      [
        errorsOf(parseMessage('x'.repeat(100_001), 'text', en)).message,
        'The message (“100001”) is too long; take less, at most: 100000.',
      ],
    ]
    for (const [said, sentence] of cases) assert.equal(said, sentence)
  })

  test('and what is no mistake is taken: any order of EIP712Domain, an empty domain, large numbers, other case', () => {
    const digest = (changes: object, text = (json: string) => json) => {
      const content = contentOf(parseTypedData(text(JSON.stringify({ ...mail, ...changes })), en))
      assert.ok(content.type === 'ethereum-typed-data')
      return `0x${bytesToHex(typedDataDigest(content.json))}`
    }
    const domainType = [
      { name: 'version', type: 'string' },
      { name: 'name', type: 'string' },
    ]
    assert.notEqual(
      digest({ types: { ...types, EIP712Domain: domainType }, domain: { name: 'App', version: '1' } }),
      digest({}),
    )
    assert.notEqual(digest({ domain: {} }), digest({}))
    const large = '115792089237316195423570985008687907853269984665640564039457584007913129639935'
    assert.equal(
      digest({ message: { to: friend, amount: '?' } }, (json) => json.replace('"?"', large)),
      digest({ message: { to: friend, amount: large } }),
    )
    assert.equal(digest({ message: { to: friend.toLowerCase(), amount: 1 } }), digest({}))
    const same = { ...transaction, gas: 100_000, data: '0xABCD', input: '0xabcd' }
    contentOf(parsePasted(JSON.stringify(same), signer, en))
  })
})
