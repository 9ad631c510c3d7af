// npm run evidence -- FILE: who cheated, by what that party has signed itself.
import { open } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { bytesToHex } from '@noble/hashes/utils.js'
import { longestEvidenceFile, type Shown, verifyEvidence } from '../tss-wasm/identity/evidence.ts'

const usage = `Checks a file of evidence, which the app and server parties keep when a party is caught.

  npm run evidence -- FILE

It names who cheated, or says what the file does not show. Nobody's word counts: only what that party has signed. Compare the
fingerprint with the one that you know of that person or server. It ends with 0 where the file shows who cheated, with 1 where
it does not, with 2 for a wrong call.
`

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [path, ...rest] = positionals
if (values.help || path === undefined || rest.length > 0) {
  process.stdout.write(usage)
  process.exit(values.help ? 0 : 2)
}

try {
  console.log(sentences(await verifyEvidence(await beginningOf(path))))
} catch (error) {
  console.log(`The file does not show that anybody cheated: ${error instanceof Error ? error.message : String(error)}.`)
  process.exitCode = 1
}

/** No more than evidence can be, and a byte that says when there is more. */
async function beginningOf(file: string): Promise<Uint8Array> {
  await using opened = await open(file)
  const { buffer, bytesRead } = await opened.read(Buffer.alloc(longestEvidenceFile + 1), 0)
  return new Uint8Array(buffer.subarray(0, bytesRead))
}

function sentences({ seat, fingerprint, identity, deed, sequence, rounds: [first, second], session }: Shown): string {
  const what =
    deed === 'number'
      ? `two different messages under the number ${sequence}, for the rounds “${first}” and “${second}”`
      : `two different messages in the round “${first}”`
  return [
    `Party ${seat} cheated: it signed ${what}.`,
    `Fingerprint:  ${fingerprint}`,
    `Signing key:  ${bytesToHex(identity.signingKey)}`,
    `Session:      ${bytesToHex(session)}`,
  ].join('\n')
}
