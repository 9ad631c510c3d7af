import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const programs = { bus: 'dbus-daemon', session: 'dbus-run-session', keyring: 'gnome-keyring-daemon' }

/** Why there can be no real keychain here, or undefined. */
export function keychainMissing(): string | undefined {
  const missing = Object.values(programs).filter((program) => spawnSync(program, ['--version']).error !== undefined)
  if (missing.length === 0) return undefined
  return `NOT TESTED against a real keychain: ${missing.join(', ')} missing (Debian packages dbus, gnome-keyring)`
}

/** A message bus with an unlocked gnome-keyring of its own, as after a login. */
export interface LoginSession extends AsyncDisposable {
  /** What a program needs in its environment to be in it. */
  readonly environment: NodeJS.ProcessEnv
}

export async function logIn(home: string): Promise<LoginSession> {
  await using opened = new AsyncDisposableStack()
  const runtime = join(home, 'run')
  await mkdir(runtime, { recursive: true, mode: 0o700 })
  const own = {
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
  }
  const inherited = { PATH: process.env['PATH'], ...own }
  const bus = spawn(programs.bus, ['--session', '--nofork', '--print-address'], {
    env: inherited,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  opened.defer(async () => {
    if (bus.exitCode === null && bus.kill()) await once(bus, 'exit')
  })
  const [address] = (await once(createInterface(bus.stdout), 'line')) as [string]
  const environment = { ...own, DBUS_SESSION_BUS_ADDRESS: address }
  // Ends once it has left a daemon behind, which ends with the bus.
  const unlocking = spawn(programs.keyring, ['--unlock', '--components=secrets'], {
    env: { ...inherited, ...environment },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  unlocking.stdin.end('login-password')
  const [code] = (await once(unlocking, 'exit')) as [number | null]
  if (code !== 0) throw new Error('gnome-keyring did not start')
  const open = opened.move()
  return { environment, [Symbol.asyncDispose]: () => open.disposeAsync() }
}
