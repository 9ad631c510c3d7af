// npm run sign-app -- --key FILE: signs dist/app-manifest.json for a release. --make-key FILE makes a key, once.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type AppSignature, manifestPath, signaturePath, signedBytes, toHex } from '../web/serviceWorker/manifest.ts'

const usage = `Signs the build in dist/ with the release key (Ed25519, PKCS #8 in PEM).

  npm run sign-app -- --make-key FILE    makes a key; keep it where no server is
  npm run sign-app -- --key FILE         writes dist/app-manifest.sig.json
`

const { values } = parseArgs({ options: { key: { type: 'string' }, 'make-key': { type: 'string' } } })
const dist = resolve(import.meta.dirname, '../dist')

if (values['make-key'] !== undefined) {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  await writeFile(values['make-key'], pem, { mode: 0o600, flag: 'wx' })
  process.stdout.write(`release key: ${publicHalf(pem)}\n`)
} else if (values.key === undefined) {
  process.stdout.write(usage)
  process.exitCode = 2
} else {
  const pem = await readFile(values.key, 'utf8')
  const manifest = await readFile(join(dist, manifestPath))
  const signature = toHex(sign(null, signedBytes(manifest), createPrivateKey(pem)))
  const signed = { key: publicHalf(pem), signature } satisfies AppSignature
  await writeFile(join(dist, signaturePath), `${JSON.stringify(signed)}\n`)
  process.stdout.write(`signed by ${signed.key}\n`)
}

function publicHalf(pem: string | Buffer): string {
  const { x = '' } = createPublicKey(pem).export({ format: 'jwk' })
  return Buffer.from(x, 'base64url').toString('hex')
}
