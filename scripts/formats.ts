// What other programs and older files depend on: versions of formats, and fingerprints of what travels. CHANGELOG.md lists
// them, and scripts/test/changelog.test.ts compares.
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DescFile, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import ts from 'typescript'
import { openApiDocument } from '../coordinator-stub/rest/operations.ts'
import { file_coordinator } from '../proto/gen/coordinator_pb.js'
import { file_requests } from '../proto/gen/requests_pb.js'
import { file_router } from '../proto/gen/router_pb.js'
import { root } from './project.ts'

/** The files that write a format, by its name in CHANGELOG.md. Each has its version in one constant. */
const versioned: Readonly<Record<string, string>> = {
  'envelope (SPEC 7)': 'tss-wasm/identity/envelope.ts',
  'confirmation (SPEC 7)': 'tss-wasm/identity/confirmation.ts',
  'documents of the hand-shake (SPEC 8)': 'tss-wasm/identity/json.ts',
  'the same, with names (SPEC 8)': 'tss-wasm/identity/naming.ts',
  'evidence against a member (SPEC 7)': 'tss-wasm/identity/evidence.ts',
  'invitation (SPEC 8)': 'tss-wasm/identity/invitation.ts',
  'mailbox key of requests (SPEC 11)': 'tss-wasm/requests/mailbox.ts',
  'sealed share (SPEC 9)': 'tss-wasm/keyShare/shareFile.ts',
  'wallet in a sealed share': 'tss-wasm/keyShare/wallet.ts',
  'key of another scheme in a sealed share (SCHEMES 11)': 'tss-wasm/schemes/schemeWallet.ts',
  'backup (SPEC 10)': 'tss-wasm/keyShare/backup.ts',
  'user share': 'tss-wasm/identity/userShareHead.ts',
  'order of a user': 'tss-wasm/identity/shareOrder.ts',
  'note of a retired share (RESHARING)': 'tss-wasm/identity/retired.ts',
  'database of the browser': 'web/platform/browser/database.ts',
}
/** Tables of messages, field by field. */
const messageTables = [
  'tss-wasm/protocols/messages.ts',
  'tss-wasm/protocols/presignMessages.ts',
  'tss-wasm/schemes/messages.ts',
]
const constant = /^(?:export )?const (?:version|format|protocolVersion) = '?([\w/]+?)n?'?$/m

const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** What the code has now: a version or a fingerprint of each format. */
export function formatsOfTheCode(): ReadonlyMap<string, string> {
  const versions = Object.entries(versioned).map(([name, path]) => [name, versionIn(path) ?? 'none'] as const)
  const migrations = globSync('coordinator-stub/storage/migrations/*.sql', { cwd: root })
  const newest = Math.max(...migrations.map((path) => Number(/(\d+)_\w+\.sql$/.exec(path)?.[1])))
  return new Map([
    ...versions,
    ['database of the coordinator', String(newest)],
    ['gRPC services', fingerprint([file_coordinator, file_requests, file_router].map(describedBy))],
    ['REST', fingerprint([JSON.stringify(openApiDocument(), withoutProse)])],
    ['messages of the protocols', fingerprint(messageTables.map((path) => codeOf(path, read(path))))],
  ])
}

/** Files with the version of a format that CHANGELOG.md would know nothing of. */
export function unlistedFormats(): readonly string[] {
  const sources = globSync('{tss-wasm,participant,web,electron,coordinator-stub,files}/**/*.ts', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('/test/') && !path.includes('/node_modules/'))
  return sources.filter((path) => versionIn(path) !== undefined && !Object.values(versioned).includes(path))
}

function versionIn(path: string): string | undefined {
  return constant.exec(read(path))?.[1]
}

/** Eight hex digits: this is no defence, only what a change cannot leave as it was. */
function fingerprint(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex').slice(0, 8)
}

/** As a program sees it: without comments. */
function describedBy({ proto }: DescFile): Uint8Array {
  return toBinary(FileDescriptorProtoSchema, proto)
}

function withoutProse(key: string, value: unknown): unknown {
  const isProse = ['description', 'summary', 'title'].includes(key) && typeof value === 'string'
  return isProse || key === 'example' ? undefined : value
}

/** The code in one form, whatever its comments and line breaks. */
function codeOf(path: string, text: string): string {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext)
  return ts.createPrinter({ removeComments: true }).printFile(file)
}
