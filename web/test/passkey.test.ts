import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { changePassphrase } from '../jobs/changePassphrase.ts'
import { createWallet } from '../jobs/createWallet.ts'
import { addPasskey, removePasskey } from '../jobs/passkey.ts'
import { signContent } from '../jobs/signContent.ts'
import { unlock } from '../jobs/unlock.ts'
import type { Passkey } from '../platform/passkeys.ts'
import type { WalletRecord } from '../platform/shareStore.ts'
import { passkeysDouble, pinnedParty, script, testPorts, type TestPorts } from './doubles.ts'

const never = new AbortController().signal
const bytes = (words: string) => new Uint8Array(utf8ToBytes(words))
const content: SigningContent = { type: 'ethereum-message', message: utf8ToBytes('hello') }

interface Scene {
  readonly ports: TestPorts
  readonly wallet: WalletRecord
  readonly log: string[]
  /** What is stored, and which credentials the authenticator has. */
  readonly stored: Map<string, Passkey>
  readonly held: Set<number>
}

async function scene(failAt?: string): Promise<Scene> {
  const run = script((call) => {
    if (call === failAt) throw new ProtocolAbort({ kind: 'refused', what: 'storage-full', detail: 'full' })
  })
  const [stored, held] = [new Map<string, Passkey>(), new Set<number>()]
  const ports = { ...testPorts(run), passkeys: passkeysDouble(run, stored, held) }
  const form = {
    name: 'Family',
    threshold: 2,
    serverParties: [pinnedParty('server-1', 10), pinnedParty('server-2', 20)],
    passphrase: bytes('quite a long phrase'),
  }
  const wallet = await createWallet(ports, form, () => undefined, never)
  run.log.length = 0
  return { ports, wallet, log: run.log, stored, held }
}

function sign({ ports, wallet }: Scene, signal = never) {
  const coSigners = wallet.seats.slice(1, 2)
  return signContent(ports, { wallet, content, coSigners, passkey: true }, () => undefined, signal)
}

const refused = (reason: RegExp) => (error: unknown) =>
  error instanceof ProtocolAbort &&
  error.failure.kind === 'refused' &&
  reason.test(`${error.failure.what}: ${error.failure.detail}`)

suite('a passkey beside the passphrase', () => {
  test('is added by whoever knows the passphrase, and then signs; the share stays what it was', async () => {
    const now = await scene()
    const before = await now.ports.shares.getShare(now.wallet.walletId)
    const passphrase = bytes('quite a long phrase')
    await addPasskey(now.ports, now.wallet, passphrase)
    assert.ok(passphrase.every((byte) => byte === 0))
    assert.deepEqual(await now.ports.shares.getShare(now.wallet.walletId), before)
    const { signatures } = await sign(now)
    assert.equal(signatures.length, 1)
    await unlock(now.ports, now.wallet, bytes('quite a long phrase'), never)
  })

  test('is not made when the passphrase is wrong, and a failure to store it leaves none behind', async () => {
    const wrong = await scene()
    await assert.rejects(addPasskey(wrong.ports, wrong.wallet, bytes('something else')), refused(/passphrase/))
    assert.ok(!wrong.log.includes('authenticator create'))
    const full = await scene('passkey put')
    await assert.rejects(addPasskey(full.ports, full.wallet, bytes('quite a long phrase')), refused(/storage/))
    assert.deepEqual([full.stored.size, full.held.size], [0, 0])
  })

  test('its secret is overwritten in the job once it was used', async () => {
    const now = await scene()
    await addPasskey(now.ports, now.wallet, bytes('quite a long phrase'))
    const given: Uint8Array[] = []
    const { authenticator } = now.ports.passkeys
    const secretOf: typeof authenticator.secretOf = async (...asked) => {
      const secret = await authenticator.secretOf(...asked)
      given.push(secret)
      return secret
    }
    const passkeys = { ...now.ports.passkeys, authenticator: { ...authenticator, secretOf } }
    await sign({ ...now, ports: { ...now.ports, passkeys } })
    assert.equal(given.length, 1)
    assert.ok(given[0]?.every((byte) => byte === 0))
  })

  test('another one, a removed one, and one that is not there open nothing, and nobody is asked to sign', async () => {
    const now = await scene()
    await assert.rejects(sign(now), refused(/^passkey: none/))
    const passkey = await addPasskey(now.ports, now.wallet, bytes('quite a long phrase'))
    now.held.add(7)
    now.stored.set(now.wallet.walletId, { ...passkey, credentialId: Uint8Array.of(7) })
    await assert.rejects(sign(now), refused(/^passkey: does not open/))
    now.stored.set(now.wallet.walletId, passkey)
    await removePasskey(now.ports, now.wallet.walletId)
    assert.ok(!now.held.has(1))
    await assert.rejects(sign(now), refused(/^passkey: none/))
    assert.ok(!now.log.some((call) => call.startsWith('create sign')))
  })

  test('goes with the passphrase that it was added to, also when that cannot be written down', async () => {
    for (const failAt of [undefined, 'passkey remove']) {
      const now = await scene(failAt)
      await addPasskey(now.ports, now.wallet, bytes('quite a long phrase'))
      const secrets = { current: bytes('quite a long phrase'), next: bytes('another long phrase') }
      await changePassphrase(now.ports, now.wallet, secrets)
      if (failAt === undefined) assert.deepEqual([now.stored.size, now.held.size], [0, 0])
      await unlock(now.ports, now.wallet, bytes('another long phrase'), never)
    }
  })

  test('a failed change of passphrase keeps it', async () => {
    const now = await scene()
    await addPasskey(now.ports, now.wallet, bytes('quite a long phrase'))
    const secrets = { current: bytes('wrong'), next: bytes('another long phrase') }
    await assert.rejects(changePassphrase(now.ports, now.wallet, secrets), refused(/passphrase/))
    await sign(now)
  })
})
