import assert from 'node:assert/strict'
import { fsyncSync } from 'node:fs'
import { describe, it } from 'node:test'
import { DurableFolder } from '../storage/durableFolder.ts'
import { openEngine } from '../storage/pgliteEngine.ts'
import { openPGlite } from '../storage/pglite.ts'
import { temporaryFolder } from './harness.ts'

describe('PGlite in a folder', () => {
  it('answers when what it stored is on the disk, not when the disk does not take it, and has then lost nothing', async () => {
    await using folder = await temporaryFolder()
    let flushed = 0
    let isBroken = false
    const disk = new DurableFolder(folder.path, (descriptor) => {
      if (isBroken) throw new Error('EIO')
      flushed += 1
      fsyncSync(descriptor)
    })
    const engine = await openEngine(disk)
    const flushesOf = async (work: () => Promise<unknown>) => {
      const before = flushed
      await work()
      return flushed - before
    }
    const insert = (n: number) => engine.query('insert into notes values ($1)', [n], 'note')
    await engine.script('create table notes (n int)')
    assert.equal(await flushesOf(() => insert(1)), 1)
    assert.equal(await flushesOf(() => engine.query('select n from notes')), 0)
    await engine.script('begin')
    assert.equal(await flushesOf(() => insert(2)), 0)
    assert.equal(await flushesOf(() => engine.script('commit')), 1)
    // Data files too, before the log that has their changes may go.
    assert.ok((await flushesOf(() => engine.script('checkpoint'))) > 3)

    isBroken = true
    await assert.rejects(insert(3))

    // What is open above has died with its disk; the folder is as after a crash.
    const database = await openPGlite(folder.path)
    const kept = await database.query('select n from notes where n < 3 order by n')
    assert.deepEqual(kept, [{ n: 1 }, { n: 2 }])
    await database.close()
  })
})
