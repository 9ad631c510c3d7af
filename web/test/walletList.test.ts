import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWallet } from '../jobs/createWallet.ts'
import { wallets } from '../app/commands/wallets.ts'
import { useWallets } from '../state/wallets.ts'
import { pinnedParty, script, testPorts } from './doubles.ts'

test('a wallet that is being made is not listed as one that was not finished', async () => {
  const { promise: isConfirming, resolve: confirming } = Promise.withResolvers<undefined>()
  const { promise: haveConfirmed, resolve: confirm } = Promise.withResolvers<undefined>()
  const run = script((call) => {
    if (call !== 'confirm') return undefined
    confirming(undefined)
    return haveConfirmed
  })
  const ports = testPorts(run)
  const { loadWallets } = wallets(ports, { loadPasskeys: () => Promise.resolve() })
  const listed = async () => {
    await loadWallets()
    const now = useWallets.getState()
    return now.status === 'ready' ? now.records.map(({ state }) => state) : now.status
  }
  const form = {
    name: 'Family',
    threshold: 2,
    serverParties: [pinnedParty('server-1', 10)],
    passphrase: new Uint8Array(20).fill(97),
  }
  const making = createWallet(ports, form, () => undefined, new AbortController().signal)
  await isConfirming
  assert.equal(ports.shelf.size, 1, 'its share is stored already')
  assert.deepEqual(await listed(), []) // another tab would offer to discard it
  confirm(undefined)
  await making
  assert.deepEqual(await listed(), ['active'])
})
