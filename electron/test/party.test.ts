import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { decodeServerParties } from '../../proto/client/serverParties.ts'
import { temporaryFolder } from './folders.ts'
import { keychainMissing, logIn } from './loginSession.ts'

const missing = keychainMissing()
const program = fileURLToPath(new URL('../party.ts', import.meta.url))
const none = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }

async function party(folder: string, environment: NodeJS.ProcessEnv, ...args: string[]) {
  const child = spawn(process.execPath, [program, '--name', 'desk', '--data', folder, '--identity', ...args], {
    env: { ...process.env, CRYPTO_MASTER_KEY: undefined, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { output, errors, code: child.exitCode }
}

test('the party without a window keeps its master key in the keychain', { skip: missing ?? false }, async () => {
  await using place = await temporaryFolder()
  await using session = await logIn(join(place.path, 'home'))
  const folder = join(place.path, 'desk')
  const first = await party(folder, session.environment)
  assert.equal(first.code, 0, first.errors)
  const [identity] = decodeServerParties(first.output)
  assert.equal(identity?.name, 'desk')
  assert.equal((await party(folder, session.environment)).output, first.output)
  const files = await readdir(folder, { recursive: true })
  assert.ok(!files.some((name) => name.endsWith('.key')), files.join(' '))
  const locked = await party(folder, none)
  assert.equal(locked.code, 1)
  assert.match(locked.errors, /keychain: locked or not running/)
  assert.equal(locked.output, '')
})

test('without a keychain it starts only when told so', { skip: process.platform !== 'linux' }, async () => {
  await using place = await temporaryFolder()
  const folder = join(place.path, 'desk')
  const refused = await party(folder, none)
  assert.deepEqual([refused.code, refused.output], [1, ''])
  assert.match(refused.errors, /keychain: unavailable.*--without-keychain/)
  const first = await party(folder, none, '--without-keychain')
  assert.equal(first.code, 0, first.errors)
  assert.equal((await party(folder, none)).output, first.output, 'decided once')
  assert.equal((await stat(join(folder, 'keychain', 'data.key'))).mode & 0o777, 0o600)
})
