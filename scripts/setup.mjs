// node scripts/setup.mjs [--main] [SCRIPT [ARGUMENT ...]]: installs what is missing, then runs SCRIPT on the project's own
// Node. With --main only what `npm start` needs is installed; without, everything. This is the one script in plain
// JavaScript, because it runs on whatever Node there is, before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const windows = process.platform === 'win32'
const oldestNode = 20
/** The Node that runs the project; it comes from the npm registry as a dependency. */
const projectNode = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  stop(`Node ${process.versions.node} is too old. Install Node 22.18 or newer and try again.`)
}
install()
const [script, ...rest] = process.argv.slice(2)
if (script !== undefined) handOver([script, ...rest])

/** Installs the packages of package-lock.json, unless that is what is there. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stampFile = join(root, 'node_modules', '.quorate', 'installed')
  if (existsSync(projectNode) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lock) return
  process.stderr.write('quorate: installing dependencies ...\n')
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const command = [windows ? 'npm.cmd' : 'npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']]
  const { status } = spawnSync(...command, {
    cwd: root,
    stdio: 'inherit',
    shell: windows,
    env: { ...process.env, PATH: path },
  })
  if (status !== 0) stop('the dependencies could not be installed; the output of npm is above.')
  if (spawnSync(projectNode, ['--version']).status !== 0) {
    stop(
      'the project\'s own Node (npm package "node") was not installed. Remove node_modules and try again; npm must be allowed to run its install script.',
    )
  }
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, lock)
}

/** Runs the project's Node with these arguments until it ends, and ends likewise. */
function handOver(args) {
  const path = [dirname(projectNode), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const child = spawn(projectNode, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => stop(`the project's own Node did not start: ${error.message}`))
  child.on('exit', (code) => process.exit(code ?? 1))
}

function stop(reason) {
  process.stderr.write(`\nquorate: ${reason}\n`)
  process.exit(1)
}
