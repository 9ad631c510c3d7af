// npm run bench -- [modexp ...] [--json]: sets up, then measures. Without names, everything (a quarter of an hour).
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { root, run, setup, stop } from './setup.mjs'

const all = ['modexp', 'ceremony', 'preparameters']
const options = process.argv.slice(2).filter((word) => word.startsWith('--'))
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const unknown = asked.find((name) => !existsSync(join(root, 'bench', `${name}.ts`)))
if (unknown !== undefined) stop(`there is no benchmark "${unknown}"; there are: ${all.join(', ')}`)

const node = setup({ web: false })
const browser = await ensureBrowser()
for (const name of asked.length === 0 ? all : asked) {
  const status = run(node, [join('bench', `${name}.ts`), ...options], { env: { CHROMIUM: browser } })
  if (status !== 0) process.exit(status)
}
