// npm run policy -- check FILE [--transaction 0x... | --message TEXT] [--by FINGERPRINT] [--at TIME]: explains a policy file of a server party, and tries it.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { SigningContent } from '../tss-wasm/content/content.ts'
import { decide, justAsked } from '../tss-wasm/policy/decide.ts'
import { brokenInWords, explainCreating, explainPolicy } from '../tss-wasm/policy/explain.ts'
import type { Policy } from '../tss-wasm/policy/policy.ts'
import { decodePolicy } from '../tss-wasm/policy/policyFile.ts'

const usage = `Explains what a server party agrees to by its policy file (docs/POLICY.md), and tries a content against it.

  npm run policy -- check FILE                          every rule, in a sentence
  npm run policy -- check FILE --transaction 0x...      and whether it signs this unsigned transaction
  npm run policy -- check FILE --message TEXT           and whether it signs this message
  ... --by FINGERPRINT                                  when this member asks for it; otherwise nobody in particular
  ... --at 2026-12-24T10:00:00Z                         at this time; otherwise now

Nothing has been signed before, as far as limits of an hour or a day go. It ends with 0 where the file is right and what was
tried is signed, with 1 where the file is wrong or the party would refuse, or sign only later, with 2 for a wrong call.
`

const { values, positionals } = parseArgs({
  options: {
    transaction: { type: 'string' },
    message: { type: 'string' },
    by: { type: 'string', default: '' },
    at: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const [command, path, ...rest] = positionals
if (values.help || command !== 'check' || path === undefined || rest.length > 0) {
  process.stdout.write(usage)
  process.exit(values.help ? 0 : 2)
}

/** Of no wallet: neither transactions nor messages are held against it. */
const publicKey = secp256k1.Point.BASE.toBytes()

try {
  const policy = decodePolicy(await readFile(path, 'utf8'))
  for (const sentence of [explainCreating(policy), ...explainPolicy(policy)]) console.log(sentence)
  const content = contentOf()
  if (content !== undefined) tryOn(policy, content)
} catch (error) {
  console.log(`\n${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}

function tryOn(policy: Policy, content: SigningContent): void {
  const { by, at } = values
  const nowMs = at === undefined ? Date.now() : Date.parse(at)
  if (Number.isNaN(nowMs)) throw new Error(`--at ${at ?? ''} is not a time such as 2026-12-24T10:00:00Z`)
  const asked = { order: { publicKey, content }, by }
  const atOnce = decide(policy, asked, [], nowMs)
  const asRequest = decide(policy, { ...asked, request: justAsked }, [], nowMs)
  const verdict = {
    signs: 'It would sign this.',
    refuses: 'It would refuse this: ',
    waits: 'It would not sign this at once: ',
  }
  console.log(`\n${verdict[asRequest.type]}${'rule' in asRequest ? brokenInWords(asRequest.rule) : ''}`)
  if (atOnce.type !== 'signs') process.exitCode = 1
}

function contentOf(): SigningContent | undefined {
  const { transaction, message } = values
  if (transaction !== undefined)
    return { type: 'ethereum-transaction', unsigned: new Uint8Array(hexToBytes(transaction.replace(/^0x/, ''))) }
  return message === undefined ? undefined : { type: 'ethereum-message', message: new Uint8Array(utf8ToBytes(message)) }
}
