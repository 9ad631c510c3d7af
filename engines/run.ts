// npm run engines [-- --table]: the main job in every engine that is installed, one after the other; --table writes what was
// measured into the README.
import { parseArgs } from 'node:util'
import { startLocalApp } from '../e2e/localApp.ts'
import { writeBetweenMarkers } from '../scripts/markers.ts'
import { temporaryFolder } from '../testkit/harness.ts'
import { engines, isInstalled } from './engines.ts'
import { type EngineFigures, mainJob } from './mainJob.ts'

const { values } = parseArgs({ options: { table: { type: 'boolean', default: false } } })

const measured: EngineFigures[] = []
for (const engine of engines) {
  if (!isInstalled(engine)) {
    process.stdout.write(`${engine.name}: NOT RUN, install ${engine.packages}\n`)
    continue
  }
  await using app = await startLocalApp()
  await using folder = await temporaryFolder()
  const figures = await mainJob(engine.name, app.url, folder.path, { searches: true })
  measured.push(figures)
  process.stdout.write(`${rowOf(figures)}\n`)
}
if (values.table) {
  writeBetweenMarkers('README.md', 'engines', [
    '| engine | version | arithmetic | search for primes | new wallet, 2 of 3 | signature |',
    '|---|---|---|---|---|---|',
    ...measured.map(rowOf),
  ])
}

function rowOf({ engine, version, kernel, searchMs, keygenMs, signMs }: EngineFigures): string {
  const name = { chromium: 'Chromium', firefox: 'Firefox (Gecko)', webkit: 'WebKitGTK (Safari’s family)' }[engine]
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`
  return `| ${name} | ${version} | ${kernel} | ${seconds(searchMs)} | ${seconds(keygenMs)} | ${seconds(signMs)} |`
}
