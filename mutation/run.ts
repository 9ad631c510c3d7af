// npm run mutation -- [--file PART] [--report]: changes the proofs and rounds, one small thing at a time, and sees
// whether their tests notice. File by file, so that what is done is done; what survives is printed.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { machine, today, withEarlier, writeReport } from '../scripts/reliability.ts'

const { values } = parseArgs({
  options: { file: { type: 'string', default: '' }, report: { type: 'boolean', default: false } },
})
const root = resolve(import.meta.dirname, '..')
const here = (name: string) => join(root, 'mutation', name)
const program = 'node_modules/@stryker-mutator/core/bin/stryker.js'

interface Mutant {
  readonly mutatorName: string
  readonly status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'RuntimeError' | 'CompileError' | 'Ignored'
  readonly replacement: string
  readonly location: { readonly start: { readonly line: number; readonly column: number } }
}
interface Row {
  readonly file: string
  readonly killed: number
  readonly survived: number
  readonly survivors: readonly string[]
}

if (!existsSync(here(program))) {
  console.log('installing Stryker, which only this needs ...')
  const installed = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here('.'), stdio: 'inherit' })
  if (installed.status !== 0) throw new Error('Stryker could not be installed')
}
const files = globSync('tss-wasm/{proofs,round}/*.ts', { cwd: root }).filter((file) => file.includes(values.file))
let rows: Row[] = []
for (const file of files.sort()) {
  const row = mutate(file)
  if (row === undefined) continue
  rows = [...rows, row]
  console.log(`${file}: ${row.killed} noticed, ${row.survived} survived`)
  for (const survivor of row.survivors) console.log(`  ${survivor}`)
  if (values.report) report(rows)
}

function report(done: readonly Row[]): void {
  const all = withEarlier(
    'mutation',
    done.map(({ file, killed, survived }) => [file, killed + survived, killed, survived]),
  )
  const sum = (column: number) => all.reduce((total, row) => total + Number(row[column]), 0)
  writeReport('mutation', {
    command: 'npm run mutation -- --report',
    measured: `${today()}, ${machine()}`,
    columns: ['file', 'changes tried', 'noticed by a test', 'not noticed'],
    rows: all.toSorted(([a], [b]) => String(a).localeCompare(String(b))),
    verdict: `${sum(2)} of ${sum(1)} changes are noticed: ${((100 * sum(2)) / sum(1)).toFixed(1)} %.`,
  })
}

/** undefined where there is nothing that could be changed: a file of types. */
function mutate(file: string): Row | undefined {
  const report = here('.stryker-report.json')
  rmSync(report, { force: true })
  const config = JSON.parse(readFileSync(here('stryker.json'), 'utf8')) as { tap: object }
  const made = here('.stryker-config.json')
  writeFileSync(made, JSON.stringify({ ...config, mutate: [file], tap: { ...config.tap, testFiles: testsOf(file) } }))
  const ran = spawnSync(process.execPath, [here(program), 'run', made], { cwd: root, encoding: 'utf8' })
  if (!existsSync(report)) {
    if (ran.stdout.includes('0 mutant')) return undefined
    throw new Error(`${file}: ${ran.stdout.slice(-2000)}${ran.stderr.slice(-2000)}`)
  }
  const { files } = JSON.parse(readFileSync(report, 'utf8')) as {
    files: Record<string, { mutants: readonly Mutant[] }>
  }
  const mutants = Object.values(files).flatMap(({ mutants }) => mutants)
  if (mutants.length === 0) return undefined
  const survivors = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  const noticed = mutants.filter(
    ({ status }) => status === 'Killed' || status === 'Timeout' || status === 'RuntimeError',
  )
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  return {
    file,
    killed: noticed.length,
    survived: survivors.length,
    survivors: survivors.map(({ location: { start }, mutatorName, replacement }) => {
      const line = (lines[start.line - 1] ?? '').trim()
      return `${start.line}: ${line} -> ${mutatorName} ${replacement.replaceAll(/\s+/g, ' ').slice(0, 120)}`
    }),
  }
}

function testsOf(file: string): string[] {
  const own = `tss-wasm/test/proofs/${basename(file, '.ts')}.test.ts`
  if (file.includes('/round/')) return globSync('tss-wasm/test/round/*.test.ts', { cwd: root })
  const vectors = ['vectors', 'presigningVectors'].map((name) => `tss-wasm/test/proofs/${name}.test.ts`)
  return [...(existsSync(join(root, own)) ? [own] : []), ...vectors]
}
