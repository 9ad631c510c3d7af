// Generated code is committed, so that nobody needs the generator to read or run it; this fails when it is not what the
// .proto files say, and when these would break programs that were built from what was published.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, run, stop } from './project.ts'

const fresh = mkdtempSync(join(tmpdir(), 'quorate-proto-'))
const template = JSON.stringify({
  version: 'v2',
  plugins: [
    {
      local: join(root, 'node_modules', '.bin', 'protoc-gen-es'),
      out: fresh,
      opt: ['target=js+dts', 'import_extension=js'],
    },
  ],
})
const proto = join(root, 'proto')
if (run('buf', ['lint'], { cwd: proto }) !== 0) stop('proto/*.proto break the rules of buf lint (above).')
if (run('buf', ['generate', '--template', template], { cwd: proto }) !== 0)
  stop('proto/*.proto do not compile (above).')
if (run('buf', ['breaking', '--against', 'published.binpb'], { cwd: proto }) !== 0)
  stop('proto/*.proto would break programs that speak the published version (above). CONTRIBUTING.md says what to do.')
const made = readdirSync(fresh, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|ts)$/.test(name))
const stale = made.filter((name) => !same(join(fresh, name), join(proto, 'gen', name)))
rmSync(fresh, { recursive: true })
if (stale.length > 0) stop(`proto/gen is not what the .proto files say (${stale.join(', ')}). Run: npm run build:proto`)

function same(a: string, b: string): boolean {
  try {
    return readFileSync(a).equals(readFileSync(b))
  } catch {
    return false
  }
}
