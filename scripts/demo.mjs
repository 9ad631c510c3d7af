// npm run demo [-- --json]: the main job without a browser; see scripts/demo.ts.
import { join } from 'node:path'
import { root, run, setup } from './setup.mjs'

process.exit(run(setup({ web: false }), [join(root, 'scripts', 'demo.ts'), ...process.argv.slice(2)]))
