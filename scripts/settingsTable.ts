// npm run settings:table: writes .env.example and the tables of docs/OPERATIONS.md from the declared settings.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeBetweenMarkers } from './markers.ts'
import { root, run } from './project.ts'
import { environmentExample, settingsTables } from './settings.ts'

writeFileSync(join(root, '.env.example'), environmentExample())
writeBetweenMarkers('docs/OPERATIONS.md', 'settings', settingsTables())
process.exit(run('npx', ['prettier', '--write', '--log-level', 'warn', 'docs/OPERATIONS.md']))
