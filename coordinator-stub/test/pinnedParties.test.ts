import assert from 'node:assert/strict'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { decodeServerParties, encodeServerParties } from '../../participant/session/serverParties.ts'
import { silent, temporaryFolder } from '../../testkit/harness.ts'
import { createIdentity } from '../../tss-wasm/identity/identity.ts'
import { watchParties } from '../coordinator/pinnedParties.ts'
import { createBell } from '../signals/signals.ts'

const everyMs = 20
const never = new AbortController().signal

describe('the list of server parties', () => {
  it('is read again when its file changes, and kept when that cannot be read, with one line in the log', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'parties.json')
    const [one, two] = await Promise.all(
      ['server-1', 'server-2'].map(async (name) => ({ name, identity: (await createIdentity()).public })),
    )
    assert.ok(one && two)
    // As editors and deployments do it: another file takes its name.
    const replace = async (text: string) => {
      await writeFile(`${path}.new`, text)
      await rename(`${path}.new`, path)
    }
    await replace(encodeServerParties([one]))
    const events: string[] = []
    const bell = createBell()
    const log = (event: string) => {
      events.push(event)
      bell.ring()
    }
    using parties = await watchParties(path, log, everyMs)
    const { list } = parties
    assert.deepEqual(list, [one])

    await replace(encodeServerParties([one, two]))
    assert.equal(await bell.wait(120_000, never), 'raised')
    assert.deepEqual(list, [one, two])

    await replace('{"serverParties": [')
    assert.equal(await bell.wait(120_000, never), 'raised')
    assert.deepEqual(list, [one, two])
    assert.equal(await bell.wait(10 * everyMs, never), 'quiet')

    await replace(encodeServerParties([two]))
    assert.equal(await bell.wait(120_000, never), 'raised')
    assert.deepEqual(list, [two])
    assert.deepEqual(events, ['parties', 'parties-unreadable', 'parties'])
  })

  it('has what operators call their parties, and refuses words that nobody sees whole', async () => {
    const { public: identity } = await createIdentity()
    const parties = [
      { name: 'server-1', identity, label: 'Vault in Zürich', operator: 'Example AG', names: true },
    ] as const
    assert.deepEqual(decodeServerParties(encodeServerParties(parties)), parties)
    for (const words of [{ label: 'Vault\u200b' }, { operator: '' }, { operator: 'A'.repeat(65) }])
      assert.throws(
        () => decodeServerParties(encodeServerParties([{ name: 'server-1', identity, ...words }])),
        /server party server-1: (label|operator) must be 1 to 64 characters/,
      )
  })

  it('must be one at the start', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'parties.json')
    await assert.rejects(watchParties(path, silent), /ENOENT/)
    await writeFile(path, '[]')
    await assert.rejects(watchParties(path, silent))
  })
})
