// npm run check: everything that reads the code without running it, side by side; what one has to say is printed when it ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { projectPath, root, windows } from './project.ts'

/** The part of the linter that knows types is written in Go, which otherwise spends a third of its time on freeing memory. */
const collectingLess = { GOGC: 'off', GOMEMLIMIT: '3GiB' }

const parts = ['lint', 'bytes', 'arrows', 'unused', 'proto']

async function passes(part: string): Promise<boolean> {
  const child = spawn(windows ? 'npm.cmd' : 'npm', ['run', '--silent', `check:${part}`], {
    cwd: root,
    shell: windows,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: projectPath(), ...collectingLess },
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  }
  const [status] = (await once(child, 'close')) as [number | null]
  process.stdout.write(`${status === 0 ? '✔' : '✖'} ${part}\n${text}`)
  return status === 0
}

const outcomes = await Promise.all(parts.map(passes))
process.exit(outcomes.every(Boolean) ? 0 : 1)
