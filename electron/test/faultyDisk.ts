import fs from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/**
 * What happens at a step that changes the disk. `cut`: the power goes, so nothing after it happens and the calls under
 * way never return. `kill`: the same by SIGKILL, for a process of its own. `fail`: the disk reports an error.
 */
export type Fault = 'cut' | 'kill' | 'fail'

export interface FaultyDisk extends Disposable {
  /** Steps so far. */
  readonly steps: number
  /** Settles at the fault. */
  readonly struck: Promise<undefined>
}

const real = { ...fs.promises }

/**
 * Replaces what changes the disk in node:fs/promises, for every module of this process, until disposed. With a cut,
 * content that was written and not flushed is lost to the half, wherever it has been renamed to: a disk may write names
 * before contents.
 * @param at the step, counted from 1; Infinity only counts
 */
export function faultyDisk(at: number, fault: Fault): FaultyDisk {
  let steps = 0
  const unflushed = new Set<string>()
  const open = new Set<FileHandle>()
  const { promise: struck, resolve: strike } = Promise.withResolvers<undefined>()

  async function step(): Promise<void> {
    steps += 1
    if (steps < at) return
    if (fault === 'fail') {
      if (steps > at) return
      strike(undefined)
      throw Object.assign(new Error('the disk failed'), { code: 'EIO' })
    }
    if (steps === at) {
      for (const path of unflushed) fs.truncateSync(path, Math.floor(fs.statSync(path).size / 2))
      if (fault === 'kill') process.kill(process.pid, 'SIGKILL')
      strike(undefined)
    }
    await new Promise(() => undefined) // no power, no answer
  }

  const wrapped = (handle: FileHandle, path: string) => ({
    async writeFile(content: Uint8Array) {
      await step()
      unflushed.add(path)
      await handle.writeFile(content)
    },
    async write(content: Uint8Array, offset: number, length: number, position: number) {
      await step()
      unflushed.add(path)
      return handle.write(content, offset, length, position)
    },
    async sync() {
      await step()
      await handle.sync()
      unflushed.delete(path)
    },
    async close() {
      open.delete(handle)
      await handle.close()
    },
  })
  Object.assign(fs.promises, {
    async open(path: string, flags: string, mode?: number) {
      if (flags !== 'r') await step()
      const handle = await real.open(path, flags, mode)
      open.add(handle)
      return wrapped(handle, path)
    },
    async rename(from: string, to: string) {
      await step()
      await real.rename(from, to)
      if (unflushed.delete(from)) unflushed.add(to)
    },
    async unlink(path: string) {
      await step()
      await real.unlink(path)
      unflushed.delete(path)
    },
    async mkdir(path: string, options: fs.MakeDirectoryOptions) {
      await step()
      return real.mkdir(path, options)
    },
  })
  syncBuiltinESMExports()
  return {
    get steps() {
      return steps
    },
    struck,
    [Symbol.dispose]() {
      Object.assign(fs.promises, real)
      syncBuiltinESMExports()
      for (const handle of open) void handle.close() // of the calls that never returned
    },
  }
}
