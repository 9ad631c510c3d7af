// npm run recover -- FILE FILE ...: puts a wallet's private key together from the shares in backups; see scripts/recover.ts.
import { join } from 'node:path'
import { root, run, setup } from './setup.mjs'

process.exit(run(setup({ web: false }), [join(root, 'scripts', 'recover.ts'), ...process.argv.slice(2)]))
