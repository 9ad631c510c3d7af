import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { walletRecord } from '../../web/test/shareStoreContract.ts'
import { openDesktopFolder } from '../desktopFolder.ts'
import { faultyDisk, type Fault } from './faultyDisk.ts'
import { memoryKeychain, noKeychain, ports, temporaryFolder, type TestKeychain } from './folders.ts'
import { fill, oldShare, operations, type Operation } from './operations.ts'

/** Opens a copy, as another process would after the crash: the one that crashed still has the lock. */
async function examine(path: string, copy: string, keychain: TestKeychain, operation: Operation, done: boolean) {
  await cp(path, copy, { recursive: true })
  await using folder = await openDesktopFolder(copy, ports(keychain))
  if (operation.fresh !== true) {
    assert.deepEqual((await folder.shares.list())[0], { ...walletRecord('old', 1), state: 'active' })
    assert.deepEqual(await folder.shares.getShare('old'), oldShare)
  }
  await operation.settled(folder, done)
}

async function strikeAt(step: number, fault: Fault, operation: Operation, keychain: TestKeychain): Promise<number> {
  await using place = await temporaryFolder()
  const path = join(place.path, 'party')
  await mkdir(path)
  if (operation.fresh !== true) await fill(path, keychain)
  let done = false
  let steps: number
  await using opened = new AsyncDisposableStack()
  {
    using disk = faultyDisk(step, fault)
    const change = async () => {
      const folder = await openDesktopFolder(path, ports(keychain))
      opened.use(folder)
      await operation.change(folder)
      done = true
    }
    await Promise.race([change().catch(() => undefined), ...(fault === 'cut' ? [disk.struck] : [])])
    steps = disk.steps
  }
  await examine(path, join(place.path, 'copy'), keychain, operation, done)
  return steps
}

for (const operation of operations) {
  for (const [keeper, make] of [
    ['keychain', memoryKeychain],
    ['file', noKeychain],
  ] as const) {
    // Only these write something else, or are kept elsewhere, without a keychain.
    if (keeper === 'file' && operation.fresh !== true && operation.name !== 'storing a share') continue
    for (const fault of ['cut', 'fail'] as const) {
      test(`${operation.name} (${keeper}): a ${fault} at any step loses no share`, async (t) => {
        const steps = await strikeAt(Infinity, fault, operation, make())
        assert.ok(steps > 2)
        t.diagnostic(`${steps} steps`)
        for (let step = 1; step <= steps; step += 1) await strikeAt(step, fault, operation, make())
      })
    }
  }
}

test('kill -9 at any step of storing a share loses no share', { timeout: 600_000 }, async (t) => {
  const operation = operations.find(({ name }) => name === 'storing a share')
  assert.ok(operation)
  let killed = 0
  for (let step = 1, alive = false; !alive; step += 1) {
    await using place = await temporaryFolder()
    const path = join(place.path, 'party')
    const keychain = memoryKeychain()
    await fill(path, keychain)
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('killed.ts', import.meta.url)), path, operation.name, String(step)],
      { stdio: ['pipe', 'inherit', 'inherit'] },
    )
    child.stdin.end(JSON.stringify([...keychain.entries].map(([account, key]) => [account, [...key]])))
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    alive = code === 0
    if (!alive) {
      assert.equal(signal, 'SIGKILL')
      killed += 1
    }
    await examine(path, join(place.path, 'copy'), keychain, operation, alive)
  }
  assert.ok(killed >= 8, 'share and record: made, written, flushed, renamed, folder flushed')
  t.diagnostic(`killed ${killed} times`)
})
