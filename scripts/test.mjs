// npm test: sets everything up (a browser too), then check, unit and integration tests, browser tests; closes with one
// line that counts them all. `npm test -- unit` runs one part only.
import { spawn, spawnSync } from 'node:child_process'
import { ensureBrowser } from './browser.mjs'
import { projectPath, root, run, setup, stop } from './setup.mjs'

const parts = ['check', 'unit', 'browser']
const wanted = process.argv.slice(2)
const unknown = wanted.find((part) => !parts.includes(part))
if (unknown !== undefined) stop(`there is no test part "${unknown}"; there are: ${parts.join(', ')}`)
const selected = wanted.length === 0 ? parts : wanted

const node = setup()
const totals = { passed: 0, failed: 0, skipped: 0 }
const started = Date.now()

if (selected.includes('check')) {
  section('check: types, lint, import arrows, dead code, generated code')
  count(run('npm', ['run', '--silent', 'check']) === 0 ? { passed: 1 } : { failed: 1 })
}
if (selected.includes('unit')) {
  section('unit and integration tests (node:test)')
  const files = spawnSync(
    node,
    [
      '-e',
      'console.log(require("fs").globSync("{tss-wasm,proto,coordinator-stub,web,electron,interop,timing,scripts,fuzz,soak}/**/*.test.ts").join("\\n"))',
    ],
    { cwd: root, encoding: 'utf8' },
  )
  const list = files.stdout
    .split('\n')
    .filter((name) => name !== '')
    .sort()
  const output = await tee(node, [
    '--test',
    '--test-reporter=spec',
    '--test-concurrency=2',
    '--test-timeout=300000',
    ...list,
  ])
  const counted = Object.fromEntries(
    [...output.text.matchAll(/^\S (pass|fail|skipped|cancelled) (\d+)$/gm)].map(([, name, n]) => [name, Number(n)]),
  )
  count({
    passed: counted.pass ?? 0,
    failed: (counted.fail ?? 0) + (counted.cancelled ?? 0),
    skipped: counted.skipped ?? 0,
  })
  if (output.status !== 0 && totals.failed === 0) count({ failed: 1 })
}
if (selected.includes('browser')) {
  section('browser tests (Playwright, headless Chromium)')
  const browser = await ensureBrowser()
  const output = await tee('npx', ['playwright', 'test'], { CHROMIUM: browser })
  const n = (word) => Number(new RegExp(`^\\s+(\\d+) ${word}\\b`, 'm').exec(output.text)?.[1] ?? 0)
  count({
    passed: n('passed') + n('flaky'),
    failed: n('failed') + n('interrupted') + n('did not run'),
    skipped: n('skipped'),
  })
  if (output.status !== 0 && n('failed') === 0) count({ failed: 1 })
}

process.stdout.write(`\nwhole run: ${((Date.now() - started) / 1000).toFixed(0)} s\n`)
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`)
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1)

function section(title) {
  process.stdout.write(`\n── ${title}\n`)
}

function count(part) {
  for (const [name, n] of Object.entries(part)) totals[name] += n
}

/** Runs, shows the output as it comes and gives it back. */
async function tee(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: projectPath(), FORCE_COLOR: '0', ...env },
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece) => {
      text += piece
      process.stdout.write(piece)
    })
  }
  const status = await new Promise((settle) => {
    child.on('close', (code) => settle(code ?? 1))
    child.on('error', () => settle(1))
  })
  return { status, text }
}
