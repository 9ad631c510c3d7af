import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hexToBytes } from '@noble/hashes/utils.js'
import { encodeFunctionData, erc20Abi, erc721Abi, maxUint256, parseAbi, type Hex } from 'viem'
import { decodeTokenCall } from '../../content/tokenCall.ts'

const ana = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const ben = '0x000000000000000000000000000000000000dEaD'

function decoded(data: Hex) {
  return decodeTokenCall(hexToBytes(data.slice(2)))
}

void test('the calls of token contracts that viem encodes are understood', () => {
  const erc20 = { abi: erc20Abi }
  assert.deepEqual(decoded(encodeFunctionData({ ...erc20, functionName: 'transfer', args: [ana, 5n] })), {
    kind: 'transfer',
    to: ana,
    amount: 5n,
  })
  assert.deepEqual(decoded(encodeFunctionData({ ...erc20, functionName: 'transferFrom', args: [ana, ben, 7n] })), {
    kind: 'transfer-from',
    from: ana,
    to: ben,
    amount: 7n,
  })
  assert.deepEqual(
    decoded(encodeFunctionData({ abi: erc721Abi, functionName: 'safeTransferFrom', args: [ana, ben, 9n] })),
    { kind: 'transfer-from', from: ana, to: ben, amount: 9n },
  )
  for (const isApproved of [true, false]) {
    const data = encodeFunctionData({ abi: erc721Abi, functionName: 'setApprovalForAll', args: [ben, isApproved] })
    assert.deepEqual(decoded(data), { kind: 'approve-all', operator: ben, isApproved })
  }
  for (const name of ['increaseAllowance', 'increaseApproval']) {
    const abi = parseAbi([`function ${name}(address spender, uint256 added)`])
    assert.deepEqual(decoded(encodeFunctionData({ abi, args: [ben, 3n] })), {
      kind: 'raise-allowance',
      spender: ben,
      amount: 3n,
      isUnlimited: false,
    })
  }
  const withCall = parseAbi(['function approveAndCall(address spender, uint256 amount, bytes data)'])
  assert.deepEqual(decoded(encodeFunctionData({ abi: withCall, args: [ben, maxUint256, '0x1234'] })), {
    kind: 'approve',
    spender: ben,
    amount: maxUint256,
    isUnlimited: true,
  })
  const withData = parseAbi(['function safeTransferFrom(address from, address to, uint256 id, bytes data)'])
  assert.deepEqual(decoded(encodeFunctionData({ abi: withData, args: [ana, ben, 9n, '0x12'] })), {
    kind: 'transfer-from',
    from: ana,
    to: ben,
    amount: 9n,
  })
})

void test('an approval without a limit is told as one, a bounded one is not', () => {
  for (const [amount, isUnlimited] of [
    [maxUint256, true],
    [maxUint256 - 1n, true],
    [2n ** 160n - 1n, true],
    [2n ** 96n - 1n, true], // UNI and COMP
    [2n ** 96n, false],
    [10n ** 27n, false],
    [0n, false],
  ] as const) {
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [ben, amount] })
    assert.deepEqual(decoded(data), { kind: 'approve', spender: ben, amount, isUnlimited })
  }
})

void test('what token contracts take for an approval is told as one, however it is written', () => {
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [ben, maxUint256] })
  const approveAll = encodeFunctionData({ abi: erc721Abi, functionName: 'setApprovalForAll', args: [ben, true] })
  const unlimited = { kind: 'approve', spender: ben, amount: maxUint256, isUnlimited: true }
  const cases: [Hex, object][] = [
    // Every compiler's contracts ignore what comes behind the arguments.
    [`${approve}00`, unlimited],
    [`${approve}${'ab'.repeat(32)}`, unlimited],
    [`${approveAll}00`, { kind: 'approve-all', operator: ben, isApproved: true }],
    // Solidity before 0.8, and so many of the large tokens, does not look in front of an address, takes any number for true,
    [`${approve.slice(0, 10)}01${approve.slice(12)}` as Hex, unlimited],
    [`${approveAll.slice(0, -1)}2` as Hex, { kind: 'approve-all', operator: ben, isApproved: true }],
    // and, before 0.5, reads zeros where the data is cut short.
    [approve.slice(0, -2) as Hex, { ...unlimited, amount: maxUint256 - 255n }],
  ]
  for (const [data, call] of cases) assert.deepEqual(decoded(data), call, data)
})

void test('nothing is claimed about data of another call', () => {
  const transfer = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [ana, 5n] })
  for (const data of ['0x', '0xa9059c', `0xdeadbeef${transfer.slice(10)}`] as const) {
    assert.equal(decoded(data), undefined, data)
  }
})
