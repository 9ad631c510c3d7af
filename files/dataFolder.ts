import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, open, readFile, realpath, rename, unlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder that one process at a time owns; closing it gives it back, and so does dying. */
export interface DataFolder extends AsyncDisposable {
  readonly path: string
}

/**
 * Makes the folder if need be (mode 0700) and takes it for this process. Two processes writing the same database or the
 * same shares would destroy them.
 *
 * The locks are a listening local socket and a lock on a file in the folder, not a file with a pid: the system drops them
 * with the process, however that ends. The socket's name belongs to one network namespace; the file is the same in every
 * container that mounts the folder.
 * @throws Error when another process has the folder
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const full = await realpath(path)
  await using taken = new AsyncDisposableStack()
  const lock = await takeLock(socketPath(full), full)
  taken.defer(async () => {
    lock.close()
    await once(lock, 'close')
  })
  taken.use(await lockFile(full))
  const held = taken.move()
  return { path: full, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

const lockName = '.lock'

/** Stands in every folder that was opened: the lock itself, or what SQLite keeps beside it. */
export function isLockFile(name: string): boolean {
  return name.startsWith(lockName)
}

/**
 * Locks a file of the folder through SQLite, which Node has with it and which knows how each system locks files. Nothing is
 * ever written to it.
 * @throws Error when another process has it, be it in another container
 */
async function lockFile(folder: string): Promise<AsyncDisposable> {
  const { DatabaseSync } = await import('node:sqlite')
  const path = join(folder, lockName)
  // SQLite would let others read it.
  await (await open(path, 'a', 0o600)).close()
  const file = new DatabaseSync(path)
  try {
    file.exec('pragma journal_mode = memory; begin exclusive')
  } catch (error) {
    file.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy)
      throw new Error(`another process is using ${folder}`, { cause: error })
    throw error
  }
  return {
    [Symbol.asyncDispose]() {
      file.close()
      return Promise.resolve()
    },
  }
}

const sqliteBusy = 5

/**
 * Short on purpose (a socket's path has about 100 characters) and outside the folder (not every file system has sockets). Where
 * the system has names that are no files, nothing is left behind, and nobody can take away what another has just taken.
 */
function socketPath(folder: string): string {
  const name = `quorate-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`
  if (process.platform === 'linux') return `\0${name}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.lock`)
}

async function takeLock(socket: string, folder: string): Promise<Server> {
  const server = createServer((connection) => connection.destroy())
  server.unref()
  for (const lastTry of [false, true]) {
    try {
      server.listen(socket)
      await once(server, 'listening')
      return server
    } catch (error) {
      if (!isErrorCode(error, 'EADDRINUSE')) throw error
      if (lastTry || (await answers(socket))) throw new Error(`another process is using ${folder}`)
      // Left behind by a process that was killed.
      await unlink(socket).catch(() => undefined)
    }
  }
  throw new Error(`another process is using ${folder}`)
}

async function answers(socket: string): Promise<boolean> {
  const connection = connect(socket)
  try {
    await once(connection, 'connect')
    return true
  } catch {
    return false
  } finally {
    connection.destroy()
  }
}

/**
 * Replaces a file so that a crash at any moment leaves the old content or the new, never half: written beside it,
 * flushed to the disk, renamed, and the folder flushed. Then read back. Mode 0600.
 */
export async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  const beside = `${path}.writing`
  const file = await open(beside, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, path)
  await syncFolder(dirname(path))
  if (!Buffer.from(content).equals(await readFile(path))) throw new Error(`${path} does not read back as written`)
}

/**
 * Overwrites a file, deletes it, and sees that it is gone; nothing to do where there is none. What the disk itself keeps of
 * it, or a backup, is out of reach.
 */
export async function eraseFile(path: string): Promise<void> {
  const content = await readIfThere(path)
  if (content === undefined) return
  const file = await open(path, 'r+')
  try {
    await file.write(new Uint8Array(content.length), 0, content.length, 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await unlink(path)
  await syncFolder(dirname(path))
  if ((await readIfThere(path)) !== undefined) throw new Error(`${path} is still there`)
}

/** Makes names in a folder durable. Windows cannot open folders and does not need it. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** A file's content, or undefined when there is none. */
export async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(path))
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/**
 * A 32-byte secret kept as 64 hex digits in a file that only its owner can read; made by `make` the first time.
 * @throws Error when the file holds something else
 */
export async function secretFromFile(path: string, make: () => Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const stored = await readIfThere(path)
  if (stored === undefined) {
    await writeDurably(path, new TextEncoder().encode(Buffer.from(make()).toString('hex') + '\n'))
    return secretFromFile(path, make)
  }
  await chmod(path, 0o600)
  return secretFromHex(new TextDecoder().decode(stored), path)
}

/** @throws Error naming `source`, never showing the value */
export function secretFromHex(text: string, source: string): Uint8Array<ArrayBuffer> {
  if (!/^[0-9a-fA-F]{64}$/.test(text.trim())) throw new Error(`${source} must hold 64 hex digits`)
  return new Uint8Array(Buffer.from(text.trim(), 'hex'))
}

function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
