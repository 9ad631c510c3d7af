import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** By language; each begins with a line that names the document it was made from. */
export const generatedFiles = {
  typescript: 'sdk/typescript/src/generated.ts',
  python: 'sdk/python/src/quorate/models.py',
  go: 'sdk/go/internal/rest/rest.gen.go',
} as const

/** 16 hex digits. */
export function fingerprintOf(document: string): string {
  return createHash('sha256').update(readFileSync(document)).digest('hex').slice(0, 16)
}
