// Brings a clone to the point where everything runs. Plain JavaScript for Node 20, because it runs before anything is
// installed. Each step is skipped when its inputs have not changed; `npm start` and `npm test` both begin here.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const windows = process.platform === 'win32'
const oldestNode = 20
/** The Node the project runs on; it comes from the npm registry as a dependency. */
export const projectNode = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')

/** @returns the path of a Node that can run the project */
export function setup({ web = true } = {}) {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    stop(`Node ${process.versions.node} is too old: Quorate needs Node ${oldestNode} or newer to set itself up.`)
  }
  step('installing dependencies', ['package.json', 'package-lock.json'], [projectNode], () =>
    npm('ci', '--no-fund', '--no-audit', '--loglevel=error'),
  )
  if (!runs(projectNode)) {
    stop(
      'the project\'s own Node (npm package "node") was not installed. Remove node_modules and try again; npm must be allowed to run its install script.',
    )
  }
  step(
    'building the arithmetic (AssemblyScript to WebAssembly)',
    ['package.json', 'tss-wasm/assembly'],
    ['tss-wasm/build/fma.wasm', 'tss-wasm/build/portable.wasm'],
    () => npm('run', '--silent', 'build:wasm'),
  )
  if (web) {
    const inputs = ['package-lock.json', 'vite.config.ts', 'public', 'web', 'proto', 'tss-wasm']
    step('building the web app', inputs, ['dist/index.html'], () =>
      npm('run', '--silent', 'build:web', '--', '--logLevel', 'warn'),
    )
  }
  return projectNode
}

/** PATH with the project's Node and tools first. */
export function projectPath() {
  return [dirname(projectNode), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
}

/** Runs a command with `projectPath`; its exit code. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: windows,
    ...options,
    env: { ...process.env, PATH: projectPath(), ...options.env },
  })
  if (done.error) stop(`could not start ${command}: ${done.error.message}`)
  return done.status ?? 1
}

export function stop(reason) {
  process.stderr.write(`\nquorate: ${reason}\n`)
  process.exit(1)
}

function npm(...args) {
  const status = run(windows ? 'npm.cmd' : 'npm', args)
  if (status !== 0) stop(`"npm ${args.join(' ')}" failed (exit code ${status}); its output is above.`)
}

function runs(node) {
  return existsSync(node) && spawnSync(node, ['--version']).status === 0
}

/** Does `work` unless its outputs exist and its inputs are what they were the last time. */
function step(title, inputs, outputs, work) {
  const stampFile = join(root, 'node_modules', '.quorate', `${title.replace(/\W+/g, '-')}.stamp`)
  const stamp = fingerprint(inputs)
  const current = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
  if (current && outputs.every((output) => existsSync(resolve(root, output)))) return
  process.stderr.write(`quorate: ${title} ...\n`)
  work()
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp)
}

function fingerprint(paths) {
  const hash = createHash('sha256')
  const visit = (path) => {
    const full = join(root, path)
    if (!existsSync(full)) return
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort())
        if (name !== 'test' && name !== 'node_modules') visit(join(path, name))
    } else hash.update(path).update('\0').update(readFileSync(full)).update('\0')
  }
  paths.forEach(visit)
  return hash.digest('hex')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup()
