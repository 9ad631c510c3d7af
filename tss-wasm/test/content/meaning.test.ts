import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { hexToBytes } from '@noble/hashes/utils.js'
import { concatHex, encodeFunctionData, encodePacked, erc20Abi, maxUint256, parseAbi, type Hex } from 'viem'
import { meaningOfCall } from '../../content/describe/calls.ts'
import { readDescription, type Description } from '../../content/describe/description.ts'
import { callNotes, meaningOfTypedData } from '../../content/describe/notes.ts'
import { momentOf } from '../../content/moments.ts'
import { decodeTypedData, importTypedData, type TypedNode } from '../../content/typedData.ts'

const contract = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const friend = '0x000000000022D473030F116dDEE9F6B43aC78BA3'
const domain = { name: 'App', version: '1', chainId: 1, verifyingContract: contract }
const bytes = (hex: Hex) => hexToBytes(hex.slice(2))

type Fields = Record<string, string>
const listed = (fields: Fields) => Object.entries(fields).map(([name, type]) => ({ name, type }))

function dataOf(primaryType: string, types: Record<string, Fields>, message: object, changes: object = {}) {
  const declared = Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, listed(fields)]))
  return decodeTypedData(importTypedData(JSON.stringify({ types: declared, primaryType, domain, message, ...changes })))
}

function nodeAt(nodes: readonly TypedNode[], i: number): TypedNode {
  const node = nodes[i]
  assert.ok(node !== undefined)
  return node
}

const notesOf = (...args: Parameters<typeof dataOf>) => meaningOfTypedData(dataOf(...args), []).notes
const safe = {
  ...{ to: 'address', value: 'uint256', data: 'bytes', operation: 'uint8', safeTxGas: 'uint256', baseGas: 'uint256' },
  ...{ gasPrice: 'uint256', gasToken: 'address', refundReceiver: 'address', nonce: 'uint256' },
}
const nobody = `0x${'0'.repeat(40)}`
const safeMessage = (changes: object) => ({
  ...{ to: friend, value: 0, data: '0x', operation: 0, safeTxGas: 0, baseGas: 0, gasPrice: 0 },
  ...{ gasToken: nobody, refundReceiver: nobody, nonce: 1, ...changes },
})

suite('typed data that nobody knows says so', () => {
  test('whatever it is called, and names what nobody can read', () => {
    assert.deepEqual(notesOf('Letter', { Letter: { text: 'string' } }, { text: 'hi' }), ['unknown'])
    const root = meaningOfTypedData(dataOf('Root', { Root: { root: 'bytes32' } }, { root: `0x${'ab'.repeat(32)}` }), [])
    assert.deepEqual([root.notes, root.opaque], [['unknown', 'opaque'], ['root']])
    const empty = meaningOfTypedData(
      dataOf('Root', { Root: { root: 'bytes32' } }, { root: `0x${'00'.repeat(32)}` }),
      [],
    )
    assert.deepEqual(empty.opaque, [])
  })

  test('and looks like taking tokens where it does, without a limit where it has none', () => {
    const fields = { holder: 'address', delegate: 'address', wad: 'uint256', until: 'uint256' }
    const message = { holder: contract, delegate: friend, wad: maxUint256.toString(), until: maxUint256.toString() }
    assert.deepEqual(notesOf('Allowance', { Allowance: fields }, message), ['unknown', 'spend', 'unlimited'])
    assert.deepEqual(notesOf('Allowance', { Allowance: fields }, { ...message, wad: 5, until: 5 }), [
      'unknown',
      'spend',
    ])
    const endless = { ...message, wad: 5, until: 5, deadline: maxUint256.toString() }
    const withDeadline = { ...fields, deadline: 'uint256' }
    assert.deepEqual(
      notesOf('Allowance', { Allowance: withDeadline }, endless),
      ['unknown', 'spend'],
      'a deadline is no amount',
    )
    const forAll = { owner: 'address', operator: 'address', approved: 'bool' }
    const all = { owner: contract, operator: friend, approved: true }
    assert.deepEqual(notesOf('PermitForAll', { PermitForAll: forAll }, all), ['unknown', 'spend', 'unlimited'])
  })

  test('and taking something back is not said to give it away', () => {
    assert.deepEqual(notesOf('CancelOrder', { CancelOrder: { id: 'uint256' } }, { id: 7 }), ['unknown'])
    assert.deepEqual(
      notesOf('OrderCancellations', { OrderCancellations: { orderUids: 'bytes[]' } }, { orderUids: ['0x1234'] }),
      ['harmless'],
    )
  })
})

suite('typed data of a common standard is told in words', () => {
  const permit = { owner: 'address', spender: 'address', value: 'uint256', nonce: 'uint256', deadline: 'uint256' }
  const permitted = (value: string) => ({ owner: contract, spender: friend, value, nonce: 0, deadline: 1_800_000_000 })

  test('a permit, bounded and without a limit', () => {
    assert.deepEqual(notesOf('Permit', { Permit: permit }, permitted('5')), ['spend'])
    assert.deepEqual(notesOf('Permit', { Permit: permit }, permitted(maxUint256.toString())), ['spend', 'unlimited'])
    const { standard, annotations } = meaningOfTypedData(dataOf('Permit', { Permit: permit }, permitted('5')), [])
    assert.equal(standard?.name, 'permit')
    assert.deepEqual(
      [...annotations.values()].map(({ label, shown }) => [label, shown.kind]),
      [
        ['owner', 'raw'],
        ['spender', 'raw'],
        ['amount', 'token'],
        ['nonce', 'raw'],
        ['deadline', 'moment'],
      ],
    )
  })

  test('the same name with other fields is not that standard', () => {
    assert.deepEqual(
      notesOf('Permit', { Permit: { ...permit, extra: 'bytes' } }, { ...permitted('5'), extra: '0x12' }),
      ['unknown', 'opaque', 'spend'],
    )
  })

  test('a DAI permit, of which an expiry of 0 has no end', () => {
    const dai = { holder: 'address', spender: 'address', nonce: 'uint256', expiry: 'uint256', allowed: 'bool' }
    const message = { holder: contract, spender: friend, nonce: 0, expiry: 0, allowed: true }
    const { notes, annotations } = meaningOfTypedData(dataOf('Permit', { Permit: dai }, message), [])
    assert.deepEqual(notes, ['spend', 'unlimited'])
    const expiry = [...annotations].find(([{ name }]) => name === 'expiry')?.[1].shown
    assert.deepEqual(expiry, { kind: 'moment', seconds: 0n, zero: 'never' })
    assert.deepEqual(notesOf('Permit', { Permit: dai }, { ...message, allowed: false }), ['spend'])
  })

  test('Permit2, one and several', () => {
    const details = { token: 'address', amount: 'uint160', expiration: 'uint48', nonce: 'uint48' }
    const batch = { details: 'PermitDetails[]', spender: 'address', sigDeadline: 'uint256' }
    const one = { token: contract, amount: '5', expiration: 0, nonce: 0 }
    const all = { ...one, amount: (2n ** 160n - 1n).toString() }
    const signed = (list: object[]) =>
      notesOf(
        'PermitBatch',
        { PermitBatch: batch, PermitDetails: details },
        { details: list, spender: friend, sigDeadline: 1 },
      )
    assert.deepEqual(signed([one, one]), ['spend'])
    assert.deepEqual(signed([one, all]), ['spend', 'unlimited'])
  })

  test('a Safe transaction, with the call that is in it and a call by delegation', () => {
    assert.deepEqual(notesOf('SafeTx', { SafeTx: safe }, safeMessage({ value: 5 })), ['account'])
    const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [friend, maxUint256] })
    assert.deepEqual(notesOf('SafeTx', { SafeTx: safe }, safeMessage({ data: approve })), [
      'account',
      'spend',
      'unlimited',
    ])
    const delegated = notesOf('SafeTx', { SafeTx: safe }, safeMessage({ data: '0xdeadbeef', operation: 1 }))
    assert.deepEqual(delegated.toSorted(), ['account', 'delegatecall', 'unknownCall'])
  })

  test('a user operation, an order of Seaport and one of CoW', () => {
    const operation = {
      ...{ sender: 'address', nonce: 'uint256', initCode: 'bytes', callData: 'bytes', accountGasLimits: 'bytes32' },
      ...{ preVerificationGas: 'uint256', gasFees: 'bytes32', paymasterAndData: 'bytes' },
    }
    const execute = parseAbi(['function execute(address to,uint256 value,bytes data)'])
    const transfer = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [friend, 5n] })
    const word = `0x${'00'.repeat(32)}`
    const message = (callData: Hex) => ({
      ...{ sender: contract, nonce: 0, initCode: '0x', callData, accountGasLimits: word },
      ...{ preVerificationGas: 0, gasFees: word, paymasterAndData: '0x' },
    })
    const known = encodeFunctionData({ abi: execute, args: [contract, 0n, transfer] })
    const types = { PackedUserOperation: operation }
    assert.deepEqual(notesOf('PackedUserOperation', types, message(known)), ['account'])
    assert.deepEqual(notesOf('PackedUserOperation', types, message('0x12345678')), ['account', 'unknownCall'])
    const order = {
      ...{
        sellToken: 'address',
        buyToken: 'address',
        receiver: 'address',
        sellAmount: 'uint256',
        buyAmount: 'uint256',
      },
      ...{ validTo: 'uint32', appData: 'bytes32', feeAmount: 'uint256', kind: 'string', partiallyFillable: 'bool' },
      ...{ sellTokenBalance: 'string', buyTokenBalance: 'string' },
    }
    const sold = {
      ...{
        sellToken: contract,
        buyToken: friend,
        receiver: friend,
        sellAmount: 5,
        buyAmount: 7,
        validTo: 1_800_000_000,
      },
      ...{ appData: word, feeAmount: 0, kind: 'sell', partiallyFillable: false },
      ...{ sellTokenBalance: 'erc20', buyTokenBalance: 'erc20' },
    }
    assert.deepEqual(notesOf('Order', { Order: order }, sold), ['order'])
  })

  test('for whom it is: no network, no contract, an unknown network, an unusual domain', () => {
    const noted = (changed: object) => notesOf('Permit', { Permit: permit }, permitted('5'), { domain: changed })
    assert.deepEqual(noted({ name: 'App' }), ['spend', 'anyChain', 'noContract'])
    assert.deepEqual(noted({ ...domain, chainId: 987654321 }), ['spend', 'unknownChain'])
    assert.deepEqual(noted({}), ['spend', 'anyChain', 'noContract'])
  })

  test('what nobody sees of its texts', () => {
    assert.deepEqual(notesOf('Letter', { Letter: { text: 'string' } }, { text: 'pay\ufe0fpal' }), ['unknown', 'hidden'])
  })
})

suite('calls of contracts', () => {
  const callee = { to: contract, chainId: 1n }
  const named = (abi: string, args: readonly unknown[]) => {
    const data = bytes(encodeFunctionData({ abi: parseAbi([`function ${abi}`] as never), args } as never))
    const meaning = meaningOfCall(data, callee, [])
    return { data, meaning, name: meaning?.standard?.name, notes: callNotes(data, callee, []) }
  }

  test('of the common standards are told, with every value that they are given', () => {
    assert.equal(named('deposit()', []).name, 'wrap')
    assert.equal(named('withdraw(uint256 wad)', [5n]).name, 'unwrap')
    const one = named('safeTransferFrom(address from,address to,uint256 id,uint256 amount,bytes data)', [
      contract,
      friend,
      7n,
      2n,
      '0x',
    ])
    assert.equal(one.name, 'sendMultiToken')
    assert.deepEqual(
      one.meaning?.values.map(({ name, value }) => [name, value]),
      [
        ['from', contract],
        ['to', friend],
        ['id', '7'],
        ['amount', '2'],
        ['data', '0x'],
      ],
    )
    const approval = named('approve(address token,address spender,uint160 amount,uint48 expiration)', [
      contract,
      friend,
      2n ** 160n - 1n,
      0,
    ])
    assert.deepEqual([approval.name, approval.notes], ['permit2Approve', ['spend', 'unlimited']])
  })

  test('within calls are read too, down to a permission in a batch of a Safe', () => {
    const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [friend, maxUint256] })
    const part = (operation: number, data: Hex) =>
      concatHex([
        encodePacked(
          ['uint8', 'address', 'uint256', 'uint256'],
          [operation, contract, 0n, BigInt(data.length / 2 - 1)],
        ),
        data,
      ])
    const batch = named('multiSend(bytes transactions)', [concatHex([part(0, '0x'), part(0, approve)])])
    assert.equal(batch.name, 'multiSend')
    assert.deepEqual(batch.notes, ['spend', 'unlimited'])
    assert.equal(batch.meaning?.values.length, 2)
    assert.deepEqual(named('multiSend(bytes transactions)', [part(1, '0xdeadbeef')]).notes.toSorted(), [
      'delegatecall',
      'unknownCall',
    ])
    assert.equal(named('multiSend(bytes transactions)', [part(0, approve).slice(0, -2)]).meaning, undefined)
  })

  test('that nobody knows, or that are cut short, mean nothing to us', () => {
    assert.equal(meaningOfCall(bytes('0xdeadbeef'), callee, []), undefined)
    assert.deepEqual(callNotes(bytes('0xdeadbeef'), callee, []), ['unknownCall'])
    const { data } = named('withdraw(uint256 wad)', [5n])
    assert.equal(meaningOfCall(data.subarray(0, 20), callee, []), undefined)
  })
})

suite('descriptions that an operator gives (ERC-7730)', () => {
  const vault: Description = readDescription({
    context: { contract: { deployments: [{ chainId: 1, address: contract.toLowerCase() }] } },
    metadata: {
      owner: 'Vault Ltd',
      token: { name: 'Vault', ticker: 'VLT', decimals: 6 },
      enums: { modes: { 1: 'Locked', 2: 'Free' } },
      constants: { native: nobody },
    },
    display: {
      definitions: { receiver: { label: 'Receives it', format: 'addressName' } },
      formats: {
        'deposit(uint256 assets, address receiver, uint8 mode, (uint64 until, address[] friends) terms, bytes32 secret)':
          {
            intent: 'Put into the vault',
            fields: [
              { path: '#.assets', label: 'Amount', format: 'tokenAmount', params: { tokenPath: '@.to' } },
              { path: 'receiver', $ref: '$.display.definitions.receiver' },
              { path: 'mode', label: 'Mode', format: 'enum', params: { $ref: '$.metadata.enums.modes' } },
              {
                path: 'terms',
                fields: [{ path: 'until', label: 'Until', format: 'date', params: { encoding: 'timestamp' } }],
              },
              { path: 'terms.friends.[]', label: 'Friend' },
              { path: 'secret', label: 'Secret', visible: 'never' },
            ],
          },
      },
    },
  })
  const abi = parseAbi([
    'function deposit(uint256 assets, address receiver, uint8 mode, (uint64 until, address[] friends) terms, bytes32 secret)',
  ])
  const secret: Hex = `0x${'5e'.repeat(32)}`
  const terms = { until: 1_800_000_000n, friends: [friend, contract] } as const
  const data = bytes(encodeFunctionData({ abi, args: [1_500_000n, friend, 2, terms, secret] }))

  test('name values and write amounts as they say, and hide nothing that is signed', () => {
    const meaning = meaningOfCall(data, { to: contract, chainId: 1n }, [vault])
    assert.ok(meaning !== undefined)
    assert.deepEqual(meaning.described, { intent: 'Put into the vault', owner: 'Vault Ltd' })
    const said = [...meaning.annotations].map(([{ name, value }, { label, shown }]) => [name, value, label, shown])
    assert.deepEqual(said, [
      [
        'assets',
        '1500000',
        'Amount',
        {
          kind: 'token',
          amount: 1_500_000n,
          isUnlimited: false,
          token: contract,
          facts: { ticker: 'VLT', decimals: 6 },
        },
      ],
      ['receiver', friend, 'Receives it', { kind: 'raw' }],
      ['mode', '2', 'Mode', { kind: 'choice', text: 'Free' }],
      ['until', '1800000000', 'Until', { kind: 'moment', seconds: 1_800_000_000n, zero: undefined }],
      ['0', friend, 'Friend', { kind: 'raw' }],
      ['1', contract, 'Friend', { kind: 'raw' }],
      ['secret', secret, 'Secret', { kind: 'raw' }],
    ])
    assert.deepEqual(
      meaning.values.map(({ name }) => name),
      ['assets', 'receiver', 'mode', 'terms', 'secret'],
    )
  })

  test('hold for the contracts that they name, on the networks that they name', () => {
    assert.equal(meaningOfCall(data, { to: friend, chainId: 1n }, [vault]), undefined)
    assert.equal(meaningOfCall(data, { to: contract, chainId: 10n }, [vault]), undefined)
  })

  test('say what typed data means, and do not take a warning from it', () => {
    const type = 'Vote(uint256 id,address spender,uint256 amount)'
    const described = (changes: object = {}) =>
      readDescription({
        context: { eip712: { domain: { name: 'App' }, deployments: [{ chainId: 1, address: contract }], ...changes } },
        metadata: { owner: 'App Ltd' },
        display: { formats: { [type]: { intent: 'Vote', fields: [{ path: 'id', label: 'Motion', format: 'raw' }] } } },
      })
    const vote = dataOf(
      'Vote',
      { Vote: { id: 'uint256', spender: 'address', amount: 'uint256' } },
      { id: 7, spender: friend, amount: maxUint256.toString() },
    )
    assert.deepEqual(meaningOfTypedData(vote, [described()]).notes, ['described', 'spend', 'unlimited'])
    const elsewhere = described({ domain: { name: 'Other' } })
    assert.deepEqual(meaningOfTypedData(vote, [elsewhere]).notes, ['unknown', 'spend', 'unlimited'])
    const nowhere = described({ deployments: [] })
    assert.deepEqual(meaningOfTypedData(vote, [nowhere]).notes, ['unknown', 'spend', 'unlimited'])
  })

  const power = 'everything'
  const hostile = (context: object, key: string, fields: object[]) =>
    readDescription({
      context,
      metadata: { owner: 'Friend of yours', enums: { operation: { 0: 'Free gift', 1: 'Free gift' } } },
      display: { formats: { [key]: { intent: power, fields, excluded: fields.map((_, i) => i), required: [] } } },
    })
  const here = { deployments: [{ chainId: 1, address: contract }] }

  test('take no warning from a Safe transaction, whatever they call its parts', () => {
    const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [friend, maxUint256] })
    const data = dataOf('SafeTx', { SafeTx: safe }, safeMessage({ data: approve, operation: 1 }))
    const said = hostile({ eip712: here }, data.encodedType, [
      { path: 'data', label: 'Greeting', format: 'raw' },
      { path: 'operation', label: 'Colour', format: 'enum', params: { $ref: '$.metadata.enums.operation' } },
    ])
    const { notes, annotations, standard } = meaningOfTypedData(data, [said])
    assert.equal(standard?.name, 'safeTransaction')
    assert.deepEqual(notes.toSorted(), ['account', 'delegatecall', 'described', 'spend', 'unlimited'])
    const kinds = [...annotations].map(([{ name }, { label, shown, isOurs }]) => [name, label, shown.kind, isOurs])
    assert.deepEqual(
      kinds.filter(([name]) => name === 'data' || name === 'operation'),
      [
        ['data', 'data', 'call', true],
        ['operation', 'operation', 'choice', true],
      ],
    )
  })

  test('take no warning from a call of a standard, nor from the calls in it', () => {
    const all = 2n ** 160n - 1n
    const declared = 'approve(address token,address spender,uint160 amount,uint48 expiration)'
    const approval = bytes(
      encodeFunctionData({
        abi: parseAbi([`function ${declared}`] as never),
        args: [contract, friend, all, 0],
      } as never),
    )
    const renamed = declared.replace('amount', 'points')
    const said = hostile({ contract: here }, renamed, [{ path: 'points', label: 'Points', format: 'raw' }])
    assert.deepEqual(callNotes(approval, { to: contract, chainId: 1n }, [said]), ['described', 'spend', 'unlimited'])
    const meaning = meaningOfCall(approval, { to: contract, chainId: 1n }, [said])
    assert.ok(meaning !== undefined)
    assert.deepEqual(
      meaning.values.map(({ name }) => name),
      ['token', 'spender', 'points', 'expiration'],
    )
    const points = meaning.annotations.get(nodeAt(meaning.values, 2))
    assert.deepEqual([points?.label, points?.shown.kind, points?.isOurs], ['amount', 'token', true])

    const transfer = encodeFunctionData({ abi: parseAbi(['function drain(address to)']), args: [friend] })
    const several = bytes(
      encodeFunctionData({ abi: parseAbi(['function multicall(bytes[] data)']), args: [[transfer]] }),
    )
    const harmless = hostile({ contract: here }, 'multicall(bytes[] data)', [{ path: 'data.[]', label: 'Words' }])
    assert.deepEqual(callNotes(several, { to: contract, chainId: 1n }, [harmless]), ['described', 'unknownCall'])
  })

  test('that leave bytes out show those bytes as unreadable', () => {
    const type = 'Order(bytes32 root,bytes32 seal,bytes[] parts)'
    const word = (byte: string) => `0x${byte.repeat(32)}`
    const data = dataOf(
      'Order',
      { Order: { root: 'bytes32', seal: 'bytes32', parts: 'bytes[]' } },
      { root: word('ab'), seal: word('cd'), parts: ['0x12', '0x'] },
    )
    const said = hostile({ eip712: here }, type, [{ path: 'seal', label: 'Seal' }])
    const { notes, opaque } = meaningOfTypedData(data, [said])
    assert.deepEqual(
      [notes, opaque],
      [
        ['opaque', 'described', 'spend'],
        ['root', 'parts'],
      ],
    )
  })

  test('do not read data without a selector as a call of the wrong function', () => {
    const type = 'Run(address to,bytes rest)'
    const transfer = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [friend, 5n] })
    const data = dataOf('Run', { Run: { to: 'address', rest: 'bytes' } }, { to: contract, rest: transfer })
    const inner = (params: object) =>
      meaningOfTypedData(data, [
        hostile({ eip712: here }, type, [{ path: 'rest', label: 'Call', format: 'calldata', params }]),
      ]).annotations.get(nodeAt(data.message, 1))?.shown.kind
    assert.equal(inner({ calleePath: 'to' }), 'call')
    assert.equal(inner({ calleePath: 'to', selector: '0xdeadbeef' }), 'raw')
    assert.equal(inner({ calleePath: 'to', selectorPath: 'kind' }), 'raw')
  })

  test('write the network’s own coin as such where they say that an address stands for it', () => {
    const type = 'Pay(address token,uint256 amount)'
    const data = dataOf('Pay', { Pay: { token: 'address', amount: 'uint256' } }, { token: nobody, amount: '5' })
    const params = { tokenPath: 'token', nativeCurrencyAddress: ['0x0000000000000000000000000000000000000000'] }
    const said = hostile({ eip712: here }, type, [{ path: 'amount', label: 'Pays', format: 'tokenAmount', params }])
    assert.deepEqual(meaningOfTypedData(data, [said]).annotations.get(nodeAt(data.message, 1))?.shown, {
      kind: 'amount',
      amount: 5n,
    })
  })

  test('that are invalid are refused', () => {
    for (const json of [undefined, {}, [], { display: {} }, { display: { formats: {} } }]) {
      assert.throws(() => readDescription(json))
    }
    const wrong = {
      context: { contract: { deployments: [{ chainId: 1, address: '0x12' }] } },
      display: { formats: { 'a()': {} } },
    }
    assert.throws(() => readDescription(wrong))
    const separated = { context: { eip712: { ...here, domainSeparator: '0x12' } }, display: { formats: { A: {} } } }
    assert.throws(() => readDescription(separated), /domainSeparator/)
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`f${i}()`, {}]))
    assert.throws(() => readDescription({ context: { contract: here }, display: { formats: many } }), /more than 500/)
  })
})

test('moments are read under the names that people give them, in seconds and in milliseconds', () => {
  const at = (name: string, value: string): TypedNode => ({ name, type: 'uint256', value })
  const day = new Date(1_800_000_000_000)
  for (const name of [
    'deadline',
    'expiry',
    'expires',
    'expiration',
    'end',
    'endTime',
    'time',
    'timestamp',
    'validTo',
    'sigDeadline',
    'start',
  ]) {
    assert.deepEqual(momentOf(at(name, '1800000000')), day, name)
    assert.deepEqual(momentOf(at(name, '1800000000000')), { inMilliseconds: day }, name)
    assert.equal(momentOf(at(name, maxUint256.toString())), 'far', name)
    assert.equal(momentOf(at(name, '7')), undefined, name)
  }
  assert.equal(momentOf(at('amount', '1800000000')), undefined)
})
