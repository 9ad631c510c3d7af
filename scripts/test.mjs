// npm test: sets everything up (a browser too), then check, unit and integration tests, browser tests; closes with one
// line that counts them all. `npm test -- unit` runs one part only.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { projectPath, root, setup, stop } from './setup.mjs'
import { runTestFiles, testFiles } from './testFiles.mjs'

const parts = ['check', 'unit', 'browser']
const wanted = process.argv.slice(2)
const unknown = wanted.find((part) => !parts.includes(part))
if (unknown !== undefined) stop(`there is no test part "${unknown}"; there are: ${parts.join(', ')}`)
const selected = wanted.length === 0 ? parts : wanted

const node = setup()
const totals = { passed: 0, failed: 0, skipped: 0 }
const started = Date.now()
const environment = {
  ...process.env,
  PATH: projectPath(),
  FORCE_COLOR: '0',
  // Hundreds of processes start from the same sources.
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.quorate', 'compiled'),
}

let checking
if (selected.includes('check')) {
  section('check: types, lint, import arrows, dead code, generated code')
  checking = tee('npm', ['run', '--silent', 'check']).then(({ status }) => {
    count(status === 0 ? { passed: 1 } : { failed: 1 })
  })
}
if (selected.includes('unit')) {
  section('unit and integration tests (node:test)')
  const folders = [
    'coordinator-stub',
    'electron',
    'engines',
    'fuzz',
    'interop',
    'proto',
    'scripts',
    'soak',
    'system',
    'timing',
    'tss-wasm',
    'web',
  ]
  const { failures, ...counted } = await runTestFiles(node, testFiles(folders), environment, checking)
  count(counted)
  if (failures.length > 0) process.stdout.write(`\nfailures in:\n${failures.map((file) => `  ${file}`).join('\n')}\n`)
}
await checking
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
    env: { ...environment, ...env },
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
