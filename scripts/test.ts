// npm test: check, unit and integration tests, browser tests; closes with one line that counts them all.
//
//   npm test -- unit                 one part: check, unit or browser
//   npm test -- tss-wasm/test/x.test.ts   test files by their paths
//   npm test -- unit --record        keeps the number of tests that each file has, in scripts/testing/recorded.json
//
// A file that runs fewer tests than are recorded has failed, and so has one that runs none.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBrowser } from './browser.ts'
import { buildWeb } from './build.ts'
import { projectPath, root, stop, windows } from './project.ts'
import { runTestFiles, testFiles } from './testing/files.ts'
import { type EndedFile, type Outcome, outcomeOf } from './testing/outcome.ts'
import { missingTests, readRecorded, record, unrecorded } from './testing/recorded.ts'

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
/** How long each test file took. */
const seconds = new Map<string, number>()
/** Recorded files that this run has to have run. */
const expected: string[] = []

let checking: Promise<unknown> = Promise.resolve()
if (wanted.includes('check')) {
  section('check: types, lint, import arrows, dead code, generated code')
  checking = shown('npm', ['run', '--silent', 'check']).then((status) => {
    outcomes.set('check', outcomeOf([{ name: 'check', isSuite: false, outcome: status === 0 ? 'passed' : 'failed' }]))
  })
}
const files = wanted.includes('unit') ? all : all.filter((file) => wanted.includes(file))
if (files.length > 0) {
  section('unit and integration tests (node:test)')
  expected.push(
    ...Object.keys(recorded).filter(
      (file) => file.endsWith('.test.ts') && (wanted.includes('unit') || wanted.includes(file)),
    ),
  )
  for (const [file, outcome] of await runTestFiles(files, environment, checking)) {
    outcomes.set(file, outcome)
    seconds.set(file, outcome.seconds)
  }
}
await checking
if (wanted.includes('browser')) {
  section('browser tests (Playwright, headless Chromium)')
  expected.push(...Object.keys(recorded).filter((file) => file.endsWith('.spec.ts')))
  for (const [file, outcome] of await browserTests()) outcomes.set(file, outcome)
}

const ofFiles = new Map([...outcomes].filter(([file]) => file.includes('/')))
if (isRecording) record(ofFiles)
const missing = isRecording ? [] : missingTests(recorded, expected, ofFiles)
const news = isRecording ? [] : unrecorded(recorded, ofFiles)
const results = [...outcomes.values()]
const sum = (of: (outcome: Outcome) => number) => results.reduce((total, outcome) => total + of(outcome), 0)
const failed = sum((outcome) => outcome.failed) + missing.length
list(
  'failures in:',
  [...outcomes].filter(([, outcome]) => outcome.failed > 0).map(([file]) => file),
)
list('TESTS ARE MISSING. If they were removed on purpose: npm test -- unit browser --record', missing)
list('not recorded yet, so that they could vanish (npm test -- unit browser --record):', news)
list(
  'SKIPPED:',
  [...outcomes].flatMap(([file, { skipped }]) =>
    skipped.map(({ name, reason }) => `${file}, ${name}: ${reason ?? 'no reason given'}`),
  ),
)
list(
  'slowest files, with others beside them:',
  [...seconds]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 10)
    .map(([file, took]) => `${took.toFixed(1).padStart(6)} s  ${file}`),
)
process.stdout.write(`\nwhole run: ${((Date.now() - started) / 1000).toFixed(0)} s\n`)
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

/** What became of the tests of each file of e2e/. */
async function browserTests(): Promise<ReadonlyMap<string, Outcome>> {
  const browser = await ensureBrowser()
  const folder = await mkdtemp(join(tmpdir(), 'quorate-tests-'))
  const told = join(folder, 'events')
  const status = await shown('npx', ['playwright', 'test'], { CHROMIUM: browser, QUORATE_TEST_EVENTS: told })
  const text = await readFile(told, 'utf8').catch(() => '{}')
  await rm(folder, { recursive: true, force: true })
  const found = Object.entries(JSON.parse(text) as Record<string, EndedFile>).map(
    ([file, { ended, seconds: took }]) => {
      seconds.set(file, took)
      return [file, outcomeOf(ended)] as const
    },
  )
  const isBroken = status !== 0 && found.every(([, outcome]) => outcome.failed === 0)
  const broken = outcomeOf([{ name: 'playwright', isSuite: false, outcome: 'failed' }])
  return new Map([...found, ...(isBroken ? [['playwright', broken] as const] : [])])
}

/** Runs a command with its output where ours goes. @returns its exit code */
async function shown(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: windows,
    env: { ...environment, ...env },
  })
  return new Promise((settle) => {
    child.on('close', (code) => {
      settle(code ?? 1)
    })
    child.on('error', () => {
      settle(1)
    })
  })
}
