// npm start: sets everything up, then runs the local stack (coordinator, two server parties, web app) until Ctrl-C.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root, setup } from './setup.mjs'

const node = setup()
const stack = spawn(node, [join(root, 'scripts', 'stack.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stack.kill(signal))
stack.on('exit', (code) => process.exit(code ?? 1))
