import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { shareStoreContract } from '../../web/test/shareStoreContract.ts'
import { openDesktopFolder } from '../desktopFolder.ts'
import { systemKeychain } from '../keychain.ts'
import { ports, temporaryFolder } from './folders.ts'
import { keychainMissing } from './loginSession.ts'

const skip = keychainMissing() ?? false
if (skip !== false) process.stderr.write(`\n*** ${skip} ***\n\n`)

/** A login session with its own bus and its own gnome-keyring on the keyrings in `home`; ends with the stage. */
async function session(home: string, stage: 'first' | 'again' | 'locked'): Promise<string> {
  const runtime = join(home, 'run')
  await mkdir(runtime, { recursive: true, mode: 0o700 })
  const node = `"${process.execPath}" "${fileURLToPath(new URL('keyringSession.ts', import.meta.url))}" "${home}" ${stage}`
  const unlock = 'printf login-password | gnome-keyring-daemon --unlock --components=secrets > /dev/null'
  const login = spawn('dbus-run-session', ['--', 'sh', '-c', stage === 'locked' ? node : `${unlock} && ${node}`], {
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      XDG_RUNTIME_DIR: runtime,
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CACHE_HOME: join(home, 'cache'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors, [code]] = await Promise.all([
    text(login.stdout),
    text(login.stderr),
    once(login, 'close') as Promise<[number | null]>,
  ])
  assert.equal(code, 0, errors)
  return output
}

test(
  'a real gnome-keyring keeps the key from one login to the next, and refuses while it is locked',
  { skip, timeout: 600_000 },
  async () => {
    await using home = await temporaryFolder()
    const output = await session(home.path, 'first')
    assert.equal(output.match(/^held: /gm)?.length, shareStoreContract.length)
    await session(home.path, 'again')
    await session(home.path, 'locked')
    await session(home.path, 'again')
  },
)

test(
  'without a Secret Service nothing is kept in the kernel keyring, which would forget it: the person is asked',
  { skip: process.platform !== 'linux' && 'the Secret Service is Linux' },
  async () => {
    const bus = process.env['DBUS_SESSION_BUS_ADDRESS']
    process.env['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=/nonexistent'
    try {
      await using place = await temporaryFolder()
      let asked = 0
      const goOnWithoutKeychain = () => Promise.resolve(++asked > 0)
      await using folder = await openDesktopFolder(place.path, { ...ports(systemKeychain()), goOnWithoutKeychain })
      assert.equal(asked, 1)
      assert.equal(folder.protection, 'file')
    } finally {
      if (bus === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS']
      else process.env['DBUS_SESSION_BUS_ADDRESS'] = bus
    }
  },
)
