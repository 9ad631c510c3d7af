import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'

/** The age program of the system, which is not ours. It asks for passphrases on a terminal only: `script` makes one. */
export const ageMissing =
  process.platform === 'linux' && has('age', '--version') && has('script', '--version')
    ? undefined
    : 'age and script (util-linux) are not installed'

function has(program: string, question: string): boolean {
  return spawnSync(program, [question], { stdio: 'ignore' }).status === 0
}

/** Runs `age` and answers each "passphrase" question. @returns its exit code and what it wrote to the terminal */
export async function stockAge(
  passphrase: string,
  ...args: readonly string[]
): Promise<{ code: number; output: string }> {
  const command = ['age', ...args].map((word) => `'${word}'`).join(' ')
  const child = spawn('script', ['--quiet', '--return', '--echo', 'never', '--command', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  // Only once it is asked: a terminal throws away what was typed before echo was turned off.
  child.stdout.on('data', (chunk: Buffer) => {
    if (/passphrase.*: *$/i.test(chunk.toString())) child.stdin.write(`${passphrase}\n`)
  })
  const [output, code] = await Promise.all([
    text(child.stdout),
    new Promise<number>((resolve) =>
      child.on('close', (status) => {
        resolve(status ?? 1)
      }),
    ),
  ])
  return { code, output }
}
