// Runs test files, each as a process of its own, three at a time: some of them wait while others compute. A file that
// hangs, because a test failed and left a server open or because a promise never settles, is ended and counted as failed:
// nothing can hold up the whole run.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup.mjs'

const atOnce = 3
const limitSeconds = process.env.DEEP === undefined ? 480 : 3600
/** They take longest, so they begin first: what is short fills the gaps at the end. */
const longest = [
  'serverParty',
  'userShares',
  'kill',
  'live',
  'interrupted',
  'maliciousCoordinator',
  'orders',
  'party',
  'ceremony',
  'attacks',
]

/** @returns the paths of all test files in `folders`, those that take longest first */
export function testFiles(folders) {
  const rank = (file) => (longest.some((name) => file.endsWith(`/${name}.test.ts`)) ? 0 : 1)
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => `${folder}/${file}`))
    .filter((file) => file.endsWith('.test.ts'))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
}

/**
 * Runs them and prints each file's output when it ends.
 * @param beside something that takes about one core: until it is over there is one file at a time
 * @returns how many tests passed, failed and were skipped, and the files with failures
 */
export async function runTestFiles(node, files, env, beside) {
  const totals = { passed: 0, failed: 0, skipped: 0, failures: [] }
  const waiting = [...files]
  const running = new Set()
  const endAll = () => running.forEach(end)
  process.on('exit', endAll)
  process.on('SIGINT', () => process.exit(130))
  process.on('SIGTERM', () => process.exit(143))
  const next = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const outcome = await runFile(node, file, env, running)
      process.stdout.write(`\n${file}, ${outcome.seconds.toFixed(1)} s\n${outcome.text}`)
      for (const name of ['passed', 'failed', 'skipped']) totals[name] += outcome[name]
      if (outcome.failed > 0) totals.failures.push(file)
    }
  }
  await Promise.all(
    Array.from({ length: atOnce }, (_, slot) => (slot === 0 ? next() : Promise.resolve(beside).then(next))),
  )
  process.off('exit', endAll)
  return totals
}

async function runFile(node, file, env, running) {
  const began = performance.now()
  const options = ['--test-force-exit', '--test-reporter=spec', `--test-timeout=${limitSeconds * 1000}`]
  // The fuzzer is guided by V8's coverage, which is coarse for code from a cache.
  const own = file.startsWith('fuzz/') ? { ...env, NODE_DISABLE_COMPILE_CACHE: '1' } : env
  const child = spawn(node, [...options, file], {
    cwd: root,
    env: own,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece) => (text += piece))
  let isLate = false
  const limit = setTimeout(() => {
    isLate = true
    end(child)
  }, limitSeconds * 1000)
  const closed = once(child, 'close')
  const [status] = await once(child, 'exit')
  clearTimeout(limit)
  running.delete(child)
  end(child)
  await closed
  const said = (name) => Number(new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  const failed = said('fail') + said('cancelled')
  // A hook of a file that fails is in no count, nor in the status when the exit is forced.
  const isBroken = status !== 0 || isLate || text.includes('✖ failing tests:')
  if (isLate) text += `✖ ended, because it took more than ${limitSeconds} s\n`
  return {
    text: text.replace(/^ℹ (tests|suites|pass|fail|cancelled|skipped|todo) \d+\n/gm, ''),
    seconds: (performance.now() - began) / 1000,
    passed: said('pass'),
    skipped: said('skipped'),
    failed: failed === 0 && isBroken ? 1 : failed,
  }
}

/** Ends a process and whatever it has started and left. */
function end(child) {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' })
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // nothing of it was left
  }
}
