// Where the project is, and how its commands are run.
import { spawnSync, type SpawnSyncOptions } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { delimiter } from 'node:path'

export const root = resolve(import.meta.dirname, '..')
export const windows = process.platform === 'win32'

/** PATH with the Node that runs this script and the project's tools first. */
export function projectPath(): string {
  return [dirname(process.execPath), join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)
}

/** Runs a command with `projectPath`, its output where ours goes. @returns its exit code */
export function run(command: string, args: readonly string[], options: SpawnSyncOptions = {}): number {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: windows,
    ...options,
    env: { ...process.env, PATH: projectPath(), ...options.env },
  })
  if (done.error !== undefined) stop(`could not start ${command}: ${done.error.message}`)
  return done.status ?? 1
}

/** Ends the process with a reason that whoever typed the command can act on. */
export function stop(reason: string): never {
  process.stderr.write(`\nquorate: ${reason}\n`)
  process.exit(1)
}
