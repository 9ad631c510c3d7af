import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Which tss-lib: the last release, or the head of its master branch. */
export type Release = 'v2.0.2' | 'head'

export interface Built {
  /** Path of the program; undefined where it cannot be built. */
  readonly program: string | undefined
  /** Why it cannot, in one line. */
  readonly reason: string
}

/** The first build on a machine downloads some thirty modules. */
const buildMs = 150_000

/** Builds party/. A version that the module proxy does not have is no party. */
export function buildGoParty(release: Release): Built {
  const program = join(import.meta.dirname, 'build', `party-${release}`)
  // head.sum has the sums of all modules but the head itself; that one is asked of Go's checksum database.
  const module = release === 'head' ? ['-mod=mod', '-modfile=head.mod'] : []
  const folder = join(import.meta.dirname, 'party')
  const built = spawnSync('go', ['build', ...module, '-o', program, '.'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: buildMs,
  })
  if (built.status === 0) return { program, reason: '' }
  if (built.error !== undefined && 'code' in built.error && built.error.code === 'ENOENT') {
    return { program: undefined, reason: 'Go is not installed' }
  }
  const said = (built.stderr || String(built.error)).trim().split('\n').slice(-2).join(' ')
  return { program: undefined, reason: `the Go party cannot be built: ${said}` }
}

/** What the party prints, line by line. */
export type Line = Readonly<Partial<Record<'checkCode' | 'request' | 'publicKey' | 'signature', string>>>

/** One command of party/main.go under way. */
export interface Running extends Disposable {
  /** The next line that it prints. @throws Error with what it said when it gave up */
  line(): Promise<Line>
  /** Answers its question. */
  say(word: 'yes' | 'no'): void
}

export function runGoParty(program: string, command: string, flags: Readonly<Record<string, string>>): Running {
  const args = Object.entries(flags).flatMap(([name, value]) => [`-${name}`, value])
  const child = spawn(program, [command, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      resolve()
    }),
  )
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async line() {
      const { done, value } = await lines.next()
      if (done !== true) return JSON.parse(value) as Line
      await ended
      throw new Error(`the Go party gave up: ${complaint.trim()}`)
    },
    say: (word) => void child.stdin.write(`${word}\n`),
    [Symbol.dispose]: () => void child.kill(),
  }
}
