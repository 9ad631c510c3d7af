import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { ManualClock } from '../../tss-wasm/test/network.ts'
import type { CommandPorts } from '../app/commands/commands.ts'
import { requests } from '../app/commands/requests.ts'
import { createWallet } from '../jobs/createWallet.ts'
import { useContact } from '../state/contact.ts'
import { useWallets } from '../state/wallets.ts'
import { pinnedParty, script, testPorts } from './doubles.ts'

test('it is said when the coordinator refuses to tell of requests, and no more once it does', async () => {
  const clock = new ManualClock()
  const ports = { ...testPorts(script()), clock }
  const form = {
    name: 'Family',
    threshold: 2,
    serverParties: [pinnedParty('server-1', 10)],
    passphrase: new Uint8Array(20).fill(97),
  }
  const wallet = await createWallet(ports, form, () => undefined, new AbortController().signal)
  const person = { seat: 3, label: 'Eva', ...pinnedParty('', 30).identity }
  useWallets.setState({ status: 'ready', records: [{ ...wallet, seats: [...wallet.seats, person] }] })

  let isClockRight = false
  const { promise: never } = Promise.withResolvers<never>()
  const coordinator: typeof ports.coordinator = {
    ...ports.coordinator,
    async *offersTo(_identity, _signal, onConnected) {
      if (!isClockRight)
        throw new ProtocolAbort({
          kind: 'refused',
          what: 'coordinator',
          code: 'unknown_caller',
          detail: 'not signed in the last minutes',
        })
      onConnected?.()
      await never
      yield* []
      return undefined
    },
  }
  const post = { watch: () => never, offered: () => undefined, lookAtClock: () => undefined }
  const commandPorts = { ...ports, coordinator } as unknown as CommandPorts
  const { watchRequests } = requests(commandPorts, { rejected: () => Promise.resolve() }, post)
  assert.equal(useContact.getState().isRefused, false)
  void watchRequests()
  await clock.pass(0)
  assert.equal(useContact.getState().isRefused, true)
  isClockRight = true
  await clock.pass(1000)
  assert.equal(useContact.getState().isRefused, false)
})
