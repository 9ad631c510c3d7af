// npm run desktop: builds the web app and the desktop shell and opens the window.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root, run, setup, stop } from './setup.mjs'

const node = setup()
if (run(node, [join(root, 'scripts', 'buildDesktop.mjs')]) !== 0)
  stop('the desktop shell did not build; the output is above.')

// The electron package fetches its program when it is first asked for it, not when it is installed.
const packageFolder = join(createRequire(import.meta.url).resolve('electron/package.json'), '..')
const hasProgram = () =>
  process.env.ELECTRON_OVERRIDE_DIST_PATH !== undefined || existsSync(join(packageFolder, 'path.txt'))
if (!hasProgram()) {
  process.stderr.write('quorate: fetching the Electron program (about 110 MB, once) ...\n')
  spawnSync(node, [join(packageFolder, 'install.js')], { stdio: 'inherit' })
}
if (!hasProgram()) {
  stop(
    'the Electron program could not be downloaded, so the desktop window cannot open here. ' +
      'What is missing: the binary of the npm package "electron" (from GitHub releases, the mirror in ELECTRON_MIRROR, or a folder named by ELECTRON_OVERRIDE_DIST_PATH). ' +
      'The same app runs in a browser: npm start.',
  )
}
process.exit(
  run(join(root, 'node_modules', '.bin', 'electron'), [
    join(root, 'dist-electron', 'main.js'),
    ...process.argv.slice(2),
  ]),
)
