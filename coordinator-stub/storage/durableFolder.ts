import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { syncFolder } from '../../files/dataFolder.ts'

type Init = NodeFS['init']
/** What Emscripten knows of an open file; folders have no descriptor of the system. */
interface Stream {
  readonly nfd?: number
  readonly node: object
}
interface NodeFiles {
  realPath(node: object): string
  readonly stream_ops: { fsync?: (stream: Stream) => number }
}

/** The number that the engine has for "input/output error"; it stops on it, as PostgreSQL does. */
const ioError = 29
/** Files that are flushed at once: the disk is busy then, and takes them together. */
const flushedAtOnce = 8

/**
 * A folder on the disk for PGlite whose fsync is one: its own does nothing, and what was committed would live in the
 * system's cache until that is written. PostgreSQL then knows by itself what has to be on the disk before what.
 * @param sync makes what a descriptor stands for durable, or throws
 */
export class DurableFolder extends NodeFS {
  readonly #sync: (descriptor: number) => void
  readonly #isNew: boolean

  constructor(path: string, sync: (descriptor: number) => void = fsyncSync) {
    super(path)
    this.#sync = sync
    this.#isNew = !existsSync(join(this.rootDir, 'PG_VERSION'))
  }

  /** To be awaited before anything is stored: a new database's files are laid down past PostgreSQL's own care. */
  async settle(): Promise<void> {
    if (!this.#isNew) return
    const entries = await readdir(this.rootDir, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).values()
    const flushFiles = async () => {
      for (const { parentPath, name } of files) {
        await using file = await open(join(parentPath, name), 'r+')
        await file.sync()
      }
    }
    await Promise.all(Array.from({ length: flushedAtOnce }, flushFiles))
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name))
    for (const folder of [...folders, this.rootDir, dirname(this.rootDir)]) await syncFolder(folder)
  }

  override async init(...[engine, options]: Parameters<Init>): ReturnType<Init> {
    const { emscriptenOpts } = await super.init(engine, options)
    const preRun = [emscriptenOpts.preRun ?? []].flat()
    const hook = (module: object) => {
      const { NODEFS: files } = module as { readonly NODEFS: NodeFiles }
      files.stream_ops.fsync = (stream) => this.#flush(stream, files)
    }
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...preRun, hook] } }
  }

  #flush({ nfd, node }: Stream, files: NodeFiles): number {
    try {
      if (nfd !== undefined) this.#sync(nfd)
      // Windows cannot open folders and does not need it.
      else if (process.platform !== 'win32') this.#flushFolder(files.realPath(node))
      return 0
    } catch {
      return ioError
    }
  }

  #flushFolder(path: string): void {
    const descriptor = openSync(path, 'r')
    try {
      this.#sync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }
}
