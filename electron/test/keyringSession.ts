// One start of the desktop party in a login session of its own, for keychain.test.ts.
// node keyringSession.ts FOLDER STAGE
import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { sealedShare, shareStoreContract, walletRecord } from '../../web/test/shareStoreContract.ts'
import { openDesktopFolder } from '../desktopFolder.ts'
import { systemKeychain } from '../keychain.ts'
import { ports } from './folders.ts'

const [, , place = '', stage = ''] = process.argv
const refuse = ports(systemKeychain(), false)
const party = join(place, 'party')

const stages: Record<string, () => Promise<void>> = {
  async first() {
    for (const promised of shareStoreContract) {
      await using folder = await openDesktopFolder(await mkdtemp(join(place, 'contract-')), refuse)
      assert.equal(folder.protection, 'keychain')
      await promised.check(() => Promise.resolve(folder.shares))
      process.stdout.write(`held: ${promised.name}\n`)
    }
    await using folder = await openDesktopFolder(party, refuse)
    await folder.shares.putPending(walletRecord('a'), sealedShare(1, 2, 3))
  },
  async again() {
    await using folder = await openDesktopFolder(party, refuse)
    assert.deepEqual(await folder.shares.getShare('a'), sealedShare(1, 2, 3))
    assert.equal((await folder.installation()).pageKey.length, 32)
  },
  async locked() {
    await assert.rejects(openDesktopFolder(party, refuse), /keychain: locked or not running/)
    await assert.rejects(openDesktopFolder(join(place, 'other'), refuse), /keychain: unavailable/)
  },
}
const run = stages[stage]
if (run === undefined) throw new Error(`no stage ${stage}`)
await run()
