import assert from 'node:assert/strict'
import { readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { unsealIdentity } from '../../tss-wasm/identity/identity.ts'
import type { SealedPreParameters } from '../../tss-wasm/worker/api.ts'
import { sealedShare, shareStoreContract, walletRecord } from '../../web/test/shareStoreContract.ts'
import { openDesktopFolder } from '../desktopFolder.ts'
import { inTurn } from '../../files/inTurn.ts'
import { shareFiles } from '../shareFiles.ts'
import { memoryKeychain, noKeychain, ports, temporaryFolder } from './folders.ts'

for (const [kind, make] of [
  ['with a keychain', memoryKeychain],
  ['without a keychain', noKeychain],
] as const) {
  describe(`share files ${kind}`, () => {
    for (const promised of shareStoreContract) {
      test(promised.name, async () => {
        await using place = await temporaryFolder()
        await using folder = await openDesktopFolder(place.path, ports(make()))
        await promised.check(() => Promise.resolve(folder.shares))
      })
    }

    test('all is there after a restart, readable for its owner only', async () => {
      await using place = await temporaryFolder()
      const keychain = make()
      let identity: Uint8Array
      {
        await using folder = await openDesktopFolder(place.path, ports(keychain))
        identity = (await folder.installation()).identity
        await folder.shares.putPending(walletRecord('a'), sealedShare(1, 2, 3))
        await folder.shares.activate('a')
        await folder.prepared.add(new Uint8Array([7]) as SealedPreParameters)
      }
      await using folder = await openDesktopFolder(place.path, ports(keychain))
      assert.deepEqual(await folder.shares.list(), [{ ...walletRecord('a'), state: 'active' }])
      assert.deepEqual(await folder.shares.getShare('a'), sealedShare(1, 2, 3))
      assert.deepEqual((await folder.installation()).identity, identity)
      assert.deepEqual(await folder.prepared.look(true), { count: 0, taken: new Uint8Array([7]) })
      assert.deepEqual(await folder.prepared.look(true), { count: 0 })
      if (process.platform === 'win32') return
      for (const name of await readdir(place.path, { recursive: true })) {
        const found = await stat(join(place.path, name))
        assert.equal(found.mode & 0o077, 0, `${name} can be read by others`)
      }
    })
  })
}

test('the page gets keys that open its identity, and cannot open a share file', async () => {
  await using place = await temporaryFolder()
  await using folder = await openDesktopFolder(place.path, ports(memoryKeychain()))
  const { pageKey, identity } = await folder.installation()
  const key = await crypto.subtle.importKey('raw', pageKey, 'AES-GCM', false, ['encrypt', 'decrypt'])
  const { signing } = await unsealIdentity(identity, key)
  assert.equal(signing.privateKey.extractable, false)
  await folder.shares.putPending(walletRecord('a'), sealedShare(1, 2, 3))
  const asPage = shareFiles({
    folder: join(place.path, 'wallets'),
    inTurn: inTurn(),
    wrapping: () => Promise.resolve(key),
    random: () => assert.fail(),
  })
  await assert.rejects(asPage.getShare('a'), /another key/)
})

test('two processes do not share a folder', async () => {
  await using place = await temporaryFolder()
  await using folder = await openDesktopFolder(place.path, ports(memoryKeychain()))
  await assert.rejects(openDesktopFolder(folder.path, ports(memoryKeychain())), /another process/)
})

test('under the keychain a share file says nothing, and opens under its own name only', async () => {
  await using place = await temporaryFolder()
  await using folder = await openDesktopFolder(place.path, ports(memoryKeychain()))
  const wallets = join(place.path, 'wallets')
  await folder.shares.putPending(walletRecord('a'), sealedShare(...Buffer.from('a share sealed under a passphrase')))
  const stored = await readFile(join(wallets, 'a.share'))
  assert.equal(stored.includes('passphrase'), false)
  await folder.shares.putPending(walletRecord('b'), sealedShare(2))
  await writeFile(join(wallets, 'b.share'), stored)
  await assert.rejects(folder.shares.getShare('b'), /refused: share: damaged/)
})

test('a keychain that is closed, was emptied or holds another key is named; nothing is made anew, nothing is lost', async () => {
  await using place = await temporaryFolder()
  const keychain = memoryKeychain()
  {
    await using folder = await openDesktopFolder(place.path, ports(keychain))
    await folder.shares.putPending(walletRecord('a'), sealedShare(1))
  }
  const opening = () => openDesktopFolder(place.path, ports(keychain))
  keychain.closed = true
  await assert.rejects(opening, /keychain: locked or not running/)
  keychain.closed = false
  const [[account, key] = []] = keychain.entries
  assert.ok(account !== undefined && key !== undefined)
  keychain.entries.clear()
  await assert.rejects(opening, /keychain: has lost the key/)
  keychain.entries.set(account, new Uint8Array(32))
  await assert.rejects(opening, /keychain: holds another key/)
  keychain.entries.set(account, key)
  await using folder = await opening()
  assert.deepEqual(await folder.shares.getShare('a'), sealedShare(1))
})

test('locking forgets the key: the keychain is asked again', async () => {
  await using place = await temporaryFolder()
  const keychain = memoryKeychain()
  await using folder = await openDesktopFolder(place.path, ports(keychain))
  await folder.shares.putPending(walletRecord('a'), sealedShare(1))
  keychain.closed = true
  assert.deepEqual(await folder.shares.getShare('a'), sealedShare(1))
  folder.lock()
  await assert.rejects(folder.shares.getShare('a'), /keychain: locked/)
  keychain.closed = false
  assert.deepEqual(await folder.shares.getShare('a'), sealedShare(1))
})

test('without a keychain the person decides; the passphrase alone protects then, and no keychain is needed later', async () => {
  await using place = await temporaryFolder()
  await assert.rejects(openDesktopFolder(place.path, ports(noKeychain(), false)), /keychain: unavailable/)
  {
    await using folder = await openDesktopFolder(place.path, ports(noKeychain()))
    assert.equal(folder.protection, 'file')
    await folder.shares.putPending(walletRecord('a'), sealedShare(1, 2, 3))
    assert.deepEqual(new Uint8Array(await readFile(join(place.path, 'wallets', 'a.share'))), sealedShare(1, 2, 3))
  }
  const asked = () => assert.fail('was decided before')
  await using folder = await openDesktopFolder(place.path, { ...ports(memoryKeychain()), goOnWithoutKeychain: asked })
  assert.equal(folder.protection, 'file')
})

test('a keychain that stores the key and does not return it is not used', async () => {
  await using place = await temporaryFolder()
  const forgetful = { ...memoryKeychain(), read: () => Promise.resolve(undefined) }
  await assert.rejects(openDesktopFolder(place.path, ports(forgetful, false)), /keychain: unavailable/)
})

test('damage is named, and never taken for an empty folder', async () => {
  await using place = await temporaryFolder()
  const keychain = memoryKeychain()
  {
    await using folder = await openDesktopFolder(place.path, ports(keychain))
    await folder.shares.putPending(walletRecord('a'), sealedShare(1))
    await writeFile(join(place.path, 'wallets', 'a.json'), '{"version":1')
    await assert.rejects(folder.shares.list(), /record a.json is damaged/)
    await assert.rejects(folder.shares.putPending(walletRecord('a'), sealedShare(2)), /damaged/)
  }
  const state = join(place.path, 'protection.json')
  const before = await readFile(state)
  await writeFile(state, '')
  await assert.rejects(openDesktopFolder(place.path, ports(keychain)), /protection.json is damaged/)
  await unlink(state)
  await assert.rejects(openDesktopFolder(place.path, ports(keychain)), /protection.json is missing/)
  await writeFile(state, before)
  await using folder = await openDesktopFolder(place.path, ports(keychain))
  assert.deepEqual(
    new Uint8Array(await readFile(join(folder.path, 'wallets', 'a.json'))),
    new TextEncoder().encode('{"version":1'),
  )
})

test('a wallet id never leads out of the folder', async () => {
  await using place = await temporaryFolder()
  await using folder = await openDesktopFolder(place.path, ports(noKeychain()))
  for (const id of ['../a', '..', 'a/b', 'A', 'a\0', '']) {
    await assert.rejects(folder.shares.putPending(walletRecord(id), sealedShare(1)))
    assert.equal(await folder.shares.getShare(id), undefined)
    await folder.shares.remove(id)
  }
  assert.deepEqual(await readdir(join(place.path, 'wallets')), [])
  await rm(place.path, { recursive: true })
})
