// node scripts/setup.mjs [--built] [--main] [SCRIPT [ARGUMENT ...]]: installs what is missing, then runs SCRIPT on the
// project's own Node. With --main that is what `npm start` needs, without it everything. With --built SCRIPT and what it
// starts take the bundled engine, which SCRIPT has to build first. This is the one script in plain JavaScript,
// because it runs on whatever Node there is, before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const windows = process.platform === 'win32'
const oldestNode = 20
/** The Node that runs the project; it comes from the npm registry as a dependency. */
const projectNode = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')
/** Megabytes on disk, to say roughly how much is to come. */
const size = { main: 370, everything: 900 }

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  stop(`Node ${process.versions.node} is too old. Install Node 22.18 or newer and try again.`)
}
const words = process.argv.slice(2)
const isBuilt = takes('--built')
const isMain = takes('--main')
const [script, ...rest] = words
await install()
if (script !== undefined) handOver([script, ...rest])

/** Whether that is the next word. */
function takes(option) {
  const isNext = words[0] === option
  if (isNext) words.shift()
  return isNext
}

/** Installs the packages of package-lock.json that are not there in their version. */
async function install() {
  const wanted = wantedPackages()
  const missing = missingOf(wanted)
  if (missing.length === 0 && runs(projectNode)) return
  const isNew = !existsSync(join(root, 'node_modules', '.package-lock.json'))
  const megabytes = isMain ? size.main : size.everything
  const much = isNew ? `, about ${megabytes} MB on disk; once, a minute or so` : ''
  process.stderr.write(`quorate: installing ${missing.length} packages${much} ...\n`)
  const began = Date.now()
  const showing = setInterval(() => show(missing, began), 5000)
  // `npm ci` begins with an empty folder; what is there already is kept.
  const command = isNew ? ['ci'] : ['install', '--no-save']
  const { status, text } = await npm(...command, ...(isMain ? ['--omit=dev'] : []), '--no-fund', '--no-audit')
  clearInterval(showing)
  if (status !== 0) stop(`the packages could not be installed. What npm says:\n\n${text}`)
  if (!runs(projectNode)) {
    stop(
      'the project\'s own Node (npm package "node") was not installed. Remove node_modules and try again; npm must be allowed to run its install script.',
    )
  }
  removeHeaders()
  process.stderr.write(`quorate: ${missing.length} packages installed in ${seconds(began)} s\n`)
}

/** Path and entry of everything that may have to be there, whatever the platform. */
function wantedPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const builds = Object.keys(packages[''].optionalDependencies).map((name) => `node_modules/${name}`)
  return Object.entries(packages)
    .filter(([path, { dev, inBundle, os, cpu, libc }]) => path && !(isMain && dev) && !inBundle && !os && !cpu && !libc)
    .map(([path, { version, optional, devOptional }]) => {
      // Those that come with a package for another platform stay away, and nothing else says so.
      return { path, version, mayBeAbsent: (optional || devOptional) && !builds.includes(path) }
    })
}

function missingOf(wanted) {
  return wanted.filter(({ path, version, mayBeAbsent }) => {
    try {
      return JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')).version !== version
    } catch {
      return !mayBeAbsent
    }
  })
}

function show(missing, began) {
  const left = missingOf(missing).length
  process.stderr.write(`quorate:   ${missing.length - left} of ${missing.length} packages, ${seconds(began)} s\n`)
}

function seconds(began) {
  return Math.round((Date.now() - began) / 1000)
}

/** Runs npm with the Node that runs this. Warnings about packages of packages are nobody's business here. */
async function npm(...args) {
  const child = spawn(windows ? 'npm.cmd' : 'npm', [...args, '--loglevel=error'], {
    cwd: root,
    shell: windows,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece) => (text += piece))
  child.on('error', (error) => stop(`npm did not start: ${error.message}`))
  const [status] = await once(child, 'close')
  return { status, text }
}

/** Headers for building native modules came with the project's Node: 67 MB, and nothing is built here. */
function removeHeaders() {
  const nested = join(root, 'node_modules', 'node', 'node_modules')
  for (const name of existsSync(nested) ? readdirSync(nested).filter((name) => !name.startsWith('.')) : []) {
    rmSync(join(nested, name, 'include'), { recursive: true, force: true })
  }
}

function runs(node) {
  return existsSync(node) && spawnSync(node, ['--version']).status === 0
}

/** Runs the project's Node with these arguments until it ends, and ends likewise. */
function handOver(args) {
  const path = [dirname(projectNode), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  // What runs from source starts twice as fast when it has been compiled before, and so does whatever it starts itself.
  const compiled = isMain ? { NODE_COMPILE_CACHE: join(root, 'node_modules', '.quorate', 'compiled') } : {}
  const options = [process.env.NODE_OPTIONS, '--conditions=built'].filter(Boolean).join(' ')
  const env = { ...process.env, PATH: path, ...compiled, ...(isBuilt && { NODE_OPTIONS: options }) }
  const child = spawn(projectNode, args, { cwd: root, stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => stop(`the project's own Node did not start: ${error.message}`))
  child.on('exit', (code) => process.exit(code ?? 1))
}

function stop(reason) {
  process.stderr.write(`\nquorate: ${reason}\n`)
  process.exit(1)
}
