import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './project.ts'

/** What is read of package-lock.json: each package by its path, our own at ''. */
export interface Lock {
  readonly packages: Readonly<Record<string, Locked>>
}

export interface Locked {
  readonly version?: string
  readonly license?: string
  readonly integrity?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

export function readLock(): Lock {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
}

/**
 * Paths of the packages that go into the app and the servers: package.json's `dependencies` and what these need. What only
 * builds them (its `optionalDependencies`, which `npm start` installs too) is a tool, and so is `devDependencies`.
 */
export function shippedIn({ packages }: Lock): ReadonlySet<string> {
  const shipped = new Set<string>()
  const visit = (names: readonly string[], from: string): void => {
    for (const name of names) {
      const path = resolved(packages, name, from)
      if (path === undefined || shipped.has(path)) continue
      shipped.add(path)
      visit(neededBy(packages[path] ?? {}), path)
    }
  }
  visit(Object.keys(packages['']?.dependencies ?? {}), '')
  return shipped
}

function neededBy({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }: Locked): string[] {
  // What can do without a peer does not bring it along.
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true)
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]
}

/** Where `name` is found from a package's folder, as Node finds it; undefined for an optional one that is not locked. */
function resolved(packages: Lock['packages'], name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (path in packages) return path
    if (folder === '') return undefined
  }
}
