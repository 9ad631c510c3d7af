// npm run licenses: docs/LICENSES.md, what is shipped and under which licence, from the lock file. Fails on a licence that
// is not in the lists below: somebody has to read it first.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format, type Options } from 'prettier'
import { type Lock, readLock, shippedIn } from './lockFile.ts'
import { root } from './project.ts'

export interface Licensed {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly isShipped: boolean
  readonly isAllowed: boolean
}

/** May be in what we ship. */
const shippable = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'CC0-1.0']
/** May be used to build, test or measure, and is not passed on. */
const usable = [...shippable, 'MPL-2.0', 'LGPL-3.0-only', 'CC-BY-4.0', 'Python-2.0', 'WTFPL', 'Zlib']
/** Packages that name none in package.json, and what their own files say. */
const read: Readonly<Record<string, string>> = { 'buffer-compare': 'MIT' }

/** Every package of the lock file. */
export function packagesIn(lock: Lock): readonly Licensed[] {
  const shipped = shippedIn(lock)
  return Object.entries(lock.packages)
    .filter(([path]) => path !== '')
    .map(([path, { version = '', license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      const licence = license ?? read[name] ?? 'unknown'
      const isShipped = shipped.has(path)
      return { name, version, licence, isShipped, isAllowed: allows(licence, isShipped ? shippable : usable) }
    })
}

/** "A OR B" needs one of them, "A AND B" both. */
function allows(licence: string, list: readonly string[]): boolean {
  const terms = licence.replace(/^\(|\)$/g, '')
  if (terms.includes(' OR ')) return terms.split(' OR ').some((one) => list.includes(one))
  return terms.split(' AND ').every((one) => list.includes(one))
}

/** docs/LICENSES.md */
export async function document(lock: Lock): Promise<string> {
  const packages = packagesIn(lock)
  const shipped = packages.filter(({ isShipped }) => isShipped)
  const rows = shipped.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`)
  const tools = new Map<string, number>()
  for (const { licence, isShipped } of packages) if (!isShipped) tools.set(licence, (tools.get(licence) ?? 0) + 1)
  const text = `# Licences

Written by \`npm run licenses\` from package-lock.json; a test fails when it is not current, or when a licence appears that
nobody has allowed. Quorate itself is MIT.

## Shipped

With the app or the servers, ${shipped.length} packages. Electron (MIT, with Chromium's and Node's own licences in its folder) comes to these in the
desktop app.

| package | version | licence |
|---|---|---|
${[...new Set(rows)].sort().join('\n')}

## Tools

Used to build, test and measure, not passed on. gmp-wasm (LGPL) is only measured against; DKLs23 (non-commercial) is fetched by
the benchmark and is no dependency; tss-lib (MIT) and grpc-go (Apache-2.0) are in the tests' Go programs.

| licence | packages |
|---|---|
${[...tools]
  .sort(([, a], [, b]) => b - a)
  .map(([licence, count]) => `| ${licence} | ${count} |`)
  .join('\n')}
`
  return format(text, {
    parser: 'markdown',
    ...(JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8')) as Options),
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const lock = readLock()
  const refused = packagesIn(lock).filter(({ isAllowed }) => !isAllowed)
  for (const { name, version, licence } of refused) process.stderr.write(`${name} ${version}: ${licence}\n`)
  if (refused.length > 0) process.exit(1)
  writeFileSync(join(root, 'docs', 'LICENSES.md'), await document(lock))
}
