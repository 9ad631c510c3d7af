// npm run desktop: fetches the Electron program, builds the web app and the desktop shell, and opens the window.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { buildWeb } from './build.ts'
import { root, run, stop } from './project.ts'

// Before minutes of building: the electron package fetches its program when it is first asked for it, not when it is
// installed, and that is what may fail.
const manifest = createRequire(import.meta.url).resolve('electron/package.json')
const packageFolder = join(manifest, '..')
const named = join(packageFolder, 'path.txt')
const given = process.env['ELECTRON_OVERRIDE_DIST_PATH']
const wanted = `Electron ${(JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version} for ${process.platform}-${process.arch}`
if (given && !existsSync(programIn(given))) {
  stop(`there is no Electron program at ${programIn(given)}. ELECTRON_OVERRIDE_DIST_PATH is to name a folder with
${wanted}, unpacked; without this variable it is downloaded.`)
}
if (!given && !isFetched()) {
  process.stderr.write(`quorate: fetching ${wanted} (about 110 MB, once) ...\n`)
  spawnSync(process.execPath, [join(packageFolder, 'install.js')], { stdio: 'inherit' })
  if (!isFetched()) {
    stop(`the desktop window cannot open here: ${wanted} could not be downloaded.
It comes from github.com, or from the mirror in ELECTRON_MIRROR, or unpacked from a folder named by
ELECTRON_OVERRIDE_DIST_PATH. The same app runs in a browser: npm start.`)
  }
}

buildWeb()
await import('./buildDesktop.ts')
process.exit(
  run(join(root, 'node_modules', '.bin', 'electron'), [
    join(root, 'dist-electron', 'main.js'),
    ...process.argv.slice(2),
  ]),
)

/** Where the electron package looks for its program, `electron` if it has fetched none. */
function programIn(folder: string): string {
  return join(folder, existsSync(named) ? readFileSync(named, 'utf8') : 'electron')
}

function isFetched(): boolean {
  return existsSync(named) && existsSync(programIn(join(packageFolder, 'dist')))
}
