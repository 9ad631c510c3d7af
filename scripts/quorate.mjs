#!/usr/bin/env node
// quorate COMMAND ...: `npm run cli` for whoever has put this on the path (npm link). On any Node, before anything is installed.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = dirname(fileURLToPath(import.meta.url))
const args = [join(folder, 'setup.mjs'), '--main', 'scripts/cli.ts', ...process.argv.slice(2)]
const env = { ...process.env, INIT_CWD: process.env.INIT_CWD ?? process.cwd() }
const child = spawn(process.execPath, args, { stdio: 'inherit', env })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
