// npm test: check, unit and integration tests, browser tests; closes with one line that counts them all.
// Many tests wait about half of their time, so the parts run side by side and no core is idle.
//
//   npm test -- unit                 one part: check, unit or browser
//   npm test -- tss-wasm/test/x.test.ts   test files by their paths
//   npm test -- unit --record        keeps the number of tests that each file has, in scripts/testing/recorded.json
//
// A file that runs fewer tests than are recorded has failed, and so has one that runs none. Which may run a second time, and
// how loudly that is told, is in scripts/testing/secondRun.ts.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ensureBrowser } from './browser.ts'
import { buildEngine, buildWeb } from './build.ts'
import { projectPath, root, stop, windows } from './project.ts'
import { runTestFiles, testFiles } from './testing/files.ts'
import { type EndedFile, type Outcome, outcomeOf } from './testing/outcome.ts'
import { processorSeconds } from './testing/processorTime.ts'
import { missingTests, readRecorded, record, unrecorded } from './testing/recorded.ts'
import { mostSecondRuns, secondRuns } from './testing/secondRun.ts'

const parts = ['check', 'unit', 'browser']
const isRecording = process.argv.includes('--record')
const words = process.argv.slice(2).filter((word) => word !== '--record')
const wanted = words.length === 0 ? parts : words
const all = testFiles()
const unknown = wanted.find((word) => !parts.includes(word) && !all.includes(word))
if (unknown !== undefined)
  stop(`there is no test part or file "${unknown}"; the parts are ${parts.join(', ')}, a file is named by its path.`)
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

buildEngine()
buildWeb()
const started = Date.now()
const environment = {
  ...process.env,
  PATH: projectPath(),
  FORCE_COLOR: '0',
  // Hundreds of processes start from the same sources.
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.quorate', 'compiled'),
}
const recorded = readRecorded()
const outcomes = new Map<string, Outcome>()
/** What failed first and then passed. */
const flaky: string[] = []
/** How long each test file took, and how much of that it computed, where that is known. */
const costs = new Map<string, { readonly seconds: number; readonly processorSeconds?: number }>()
const files = wanted.includes('unit') ? all : all.filter((file) => wanted.includes(file))
/** Recorded files that this run has to have run. */
const expected = Object.keys(recorded).filter((file) =>
  file.endsWith('.spec.ts') ? wanted.includes('browser') : wanted.includes('unit') || wanted.includes(file),
)

if (wanted.includes('browser')) {
  section('browser tests (Playwright, headless Chromium) that measure: nothing runs beside them')
  await browserTests('main thread')
}
if (wanted.includes('check')) section('check: types, lint, import arrows, dead code, generated code')
if (files.length > 0) section('unit and integration tests (node:test)')
if (wanted.includes('browser')) section('browser tests: the rest')
const checking = wanted.includes('check') ? check() : Promise.resolve()
const browsing = wanted.includes('browser') ? checking.then(() => browserTests('the rest')) : Promise.resolve()
// A check takes two cores by itself, and a browser test with the parties that it starts takes more than one.
const beside = [
  { over: checking, files: 3 },
  { over: browsing, files: 2 },
]
const [ran] = await Promise.all([runTestFiles(files, environment, beside), checking, browsing])
for (const [file, outcome] of ran) {
  outcomes.set(file, outcome)
  costs.set(file, outcome)
}
const again = secondRuns(ran)
if (again.length > 0) section('once more and alone, what has failed beside others')
for (const [file, outcome] of await runTestFiles(again, environment, [])) outcomes.set(file, outcome)
flaky.push(...again.filter((file) => outcomes.get(file)?.failed === 0))

const ofFiles = new Map([...outcomes].filter(([file]) => file.includes('/')))
if (isRecording) record(ofFiles)
const missing = isRecording ? [] : missingTests(recorded, expected, ofFiles)
const news = isRecording ? [] : unrecorded(recorded, ofFiles)
const results = [...outcomes.values()]
const sum = (of: (outcome: Outcome) => number) => results.reduce((total, outcome) => total + of(outcome), 0)
const tooFlaky = flaky.length > mostSecondRuns ? 1 : 0
const failed = sum((outcome) => outcome.failed) + missing.length + tooFlaky
// Also where only the end of what was printed is kept.
for (const [file, { text, failed: of }] of ran) {
  const told = text.lastIndexOf('✖ failing tests:')
  if (of > 0 && told >= 0) process.stdout.write(`\n${file}\n${text.slice(told, told + 6000)}\n`)
}
list(
  'failures in:',
  [...outcomes].filter(([, outcome]) => outcome.failed > 0).map(([file]) => file),
)
list('FLAKY, passed only when they ran again. Each is an open fault:', flaky)
list('TESTS ARE MISSING. If they were removed on purpose: npm test -- unit browser --record', missing)
list('not recorded yet, so that they could vanish (npm test -- unit browser --record):', news)
list(
  'SKIPPED:',
  [...outcomes].flatMap(([file, { skipped }]) =>
    skipped.map(({ name, reason }) => `${file}, ${name}: ${reason ?? 'no reason given'}`),
  ),
)
const inOrder = (of: 'seconds' | 'processorSeconds') =>
  [...costs]
    .sort(([, a], [, b]) => (b[of] ?? 0) - (a[of] ?? 0))
    .slice(0, 15)
    .map(([file, cost]) => `${(cost[of] ?? 0).toFixed(1).padStart(6)} s  ${file}`)
list('slowest files, with others beside them:', inOrder('seconds'))
if (files.length > 0) list('files of node:test that take most processor time:', inOrder('processorSeconds'))
const took = ((Date.now() - started) / 1000).toFixed(0)
process.stdout.write(`\nwhole run: ${took} s, ${processorSeconds().toFixed(0)} s of processor time\n`)
process.stdout.write(
  `${sum(({ passed }) => passed)} passed, ${failed} failed, ${sum(({ skipped }) => skipped.length)} skipped\n`,
)
process.exit(failed === 0 && sum(({ passed }) => passed) > 0 ? 0 : 1)

function section(title: string): void {
  process.stdout.write(`\n── ${title}\n`)
}

function list(title: string, lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`)
}

async function check(): Promise<void> {
  const status = await shown('npm', ['run', '--silent', 'check'])
  outcomes.set('check', outcomeOf([{ name: 'check', isSuite: false, outcome: status === 0 ? 'passed' : 'failed' }]))
}

/** Runs a project of playwright.config.ts, without those that it depends on. */
async function browserTests(project: string): Promise<void> {
  const browser = await ensureBrowser()
  const folder = await mkdtemp(join(tmpdir(), 'quorate-tests-'))
  const told = join(folder, 'events')
  const options = ['playwright', 'test', '--project', windows ? `"${project}"` : project, '--no-deps']
  const status = await shown('npx', options, { CHROMIUM: browser, QUORATE_TEST_EVENTS: told })
  const text = await readFile(told, 'utf8').catch(() => '{}')
  await rm(folder, { recursive: true, force: true })
  let failed = 0
  for (const [file, { ended, seconds, flaky: again }] of Object.entries(
    JSON.parse(text) as Record<string, EndedFile>,
  )) {
    const outcome = outcomeOf(ended)
    failed += outcome.failed
    outcomes.set(file, outcome)
    costs.set(file, { seconds })
    flaky.push(...again.map((name) => `${file}, ${name}`))
  }
  const broken = outcomeOf([{ name: `playwright, ${project}`, isSuite: false, outcome: 'failed' }])
  if (status !== 0 && failed === 0) outcomes.set(`playwright, ${project}`, broken)
}

/** Runs a command and shows whole lines of its output, so that those of others do not get into them. @returns its exit code */
async function shown(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: windows,
    env: { ...environment, ...env },
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => process.stdout.write(`${line}\n`))
  }
  return new Promise((settle) => {
    child.on('close', (code) => {
      settle(code ?? 1)
    })
    child.on('error', () => {
      settle(1)
    })
  })
}
