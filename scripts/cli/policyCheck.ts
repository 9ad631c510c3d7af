import { readFile } from 'node:fs/promises'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { SigningContent } from '../../tss-wasm/content/content.ts'
import { decide, justAsked } from '../../tss-wasm/policy/decide.ts'
import { brokenInWords, explainCreating, explainPolicy } from '../../tss-wasm/policy/explain.ts'
import { decodePolicy } from '../../tss-wasm/policy/policyFile.ts'
import { pathOf } from './party.ts'
import { type Answer, type Call, Failed } from './table.ts'

/** What is tried against a policy: 0x-hex of an unsigned transaction, or a text, for nobody in particular, now. */
interface Tried {
  readonly transaction?: string | undefined
  readonly message?: string | undefined
  /** Fingerprint of who asks. */
  readonly by?: string | undefined
  /** ISO 8601 */
  readonly at?: string | undefined
}

interface PolicyChecked {
  readonly rules: readonly string[]
  /** Of what was tried, asked for as a request: nothing was signed before. */
  readonly verdict?: { readonly type: 'signs' | 'refuses' | 'waits'; readonly rule?: string }
  /** Whether it is signed when it is asked for at once. */
  readonly isSignedAtOnce?: boolean
}

/** Of no wallet: neither transactions nor messages are held against it. */
const publicKey = secp256k1.Point.BASE.toBytes()

export async function policyCheck(call: Call): Promise<Answer> {
  const [file = ''] = call.arguments
  const tried = Object.fromEntries(['transaction', 'message', 'by', 'at'].map((name) => [name, call.option(name)]))
  const text = await readFile(pathOf(file), 'utf8')
  try {
    const checked = checkPolicy(text, tried)
    return { json: checked, text: policyText(checked), status: checked.isSignedAtOnce === false ? 1 : 0 }
  } catch (error) {
    throw new Failed(error instanceof Error ? error.message : String(error))
  }
}

/** @throws Error naming what is wrong with the file, or with what is tried */
export function checkPolicy(file: string, tried: Tried): PolicyChecked {
  const policy = decodePolicy(file)
  const rules = [explainCreating(policy), ...explainPolicy(policy)]
  const content = contentOf(tried)
  if (content === undefined) return { rules }
  const { by = '', at } = tried
  const nowMs = at === undefined ? Date.now() : Date.parse(at)
  if (Number.isNaN(nowMs)) throw new Error(`--at ${at ?? ''} is not a time such as 2026-12-24T10:00:00Z`)
  const asked = { order: { publicKey, content }, by }
  const atOnce = decide(policy, asked, [], nowMs)
  const asRequest = decide(policy, { ...asked, request: justAsked }, [], nowMs)
  const rule = 'rule' in asRequest ? { rule: brokenInWords(asRequest.rule) } : {}
  return { rules, verdict: { type: asRequest.type, ...rule }, isSignedAtOnce: atOnce.type === 'signs' }
}

/** As people read it. */
export function policyText({ rules, verdict }: PolicyChecked): string {
  if (verdict === undefined) return rules.join('\n')
  const words = {
    signs: 'It would sign this.',
    refuses: 'It would refuse this: ',
    waits: 'It would not sign this at once: ',
  }
  return `${rules.join('\n')}\n\n${words[verdict.type]}${verdict.rule ?? ''}`
}

function contentOf({ transaction, message }: Tried): SigningContent | undefined {
  if (transaction !== undefined)
    return { type: 'ethereum-transaction', unsigned: new Uint8Array(hexToBytes(transaction.replace(/^0x/, ''))) }
  return message === undefined ? undefined : { type: 'ethereum-message', message: new Uint8Array(utf8ToBytes(message)) }
}
