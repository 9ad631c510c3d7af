// npm run bench -- [modexp proofs preparameters ceremony session mainThread coordinator scale growth] [--json] [--quick] [more]: sets up,
// then measures. Without names, everything but the coordinator, which takes a quarter of an hour, scale, and growth. With --json one line
// {rows:[...]} for all that was asked, and nothing else, on standard output.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Row } from '../bench/rows.ts'
import { ensureBrowser } from './browser.ts'
import { buildWasm, buildWeb } from './build.ts'
import { projectPath, root, stop } from './project.ts'

const usual = ['modexp', 'proofs', 'preparameters', 'ceremony', 'session', 'mainThread']
const all = [...usual, 'coordinator', 'scale', 'growth']
/** Options that not every benchmark knows. */
const knownTo: Readonly<Record<string, readonly string[]>> = {
  '--all': ['ceremony', 'session'],
  '--no-go-wasm': ['ceremony'],
  '--profile': ['ceremony'],
  '--runs': ['modexp', 'ceremony', 'session'],
  '--parties': ['growth'],
}
const options = process.argv.slice(2).filter((word) => word.startsWith('--'))
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const unknown = asked.find((name) => !all.includes(name) || !existsSync(join(root, 'bench', `${name}.ts`)))
if (unknown !== undefined) stop(`there is no benchmark "${unknown}"; there are: ${all.join(', ')}`)
const json = options.includes('--json')

const wanted = asked.length === 0 ? usual : asked
if (wanted.includes('mainThread')) buildWeb()
else buildWasm()
const browser = await ensureBrowser()
const rows: Row[] = []
for (const name of wanted) {
  const own = options.filter((option) => knownTo[option.split('=')[0] ?? '']?.includes(name) ?? true)
  const { status, stdout } = spawnSync(process.execPath, [join('bench', `${name}.ts`), ...own], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', json ? 'pipe' : 'inherit', 'inherit'],
    env: { ...process.env, PATH: projectPath(), CHROMIUM: browser },
  })
  if (status !== 0) process.exit(status ?? 1)
  if (json) rows.push(...(JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { rows: Row[] }).rows)
}
if (json) process.stdout.write(`${JSON.stringify({ rows })}\n`)
