import { ProtocolAbort } from '../failure.ts'
import { visible } from './visibleText.ts'

/** The rules that content can break; the app words them for people, the failure carries them as they are. */
export type ContentRule =
  // of anything
  | 'too-long'
  | 'too-large'
  | 'too-small'
  | 'too-many'
  | 'too-deep'
  | 'wrong-length'
  | 'wrong-field-count'
  | 'not-a-list'
  | 'is-a-list'
  | 'not-json'
  | 'not-canonical'
  | 'repeated-name'
  | 'contradicts'
  | 'missing-field'
  | 'unknown-field'
  | 'wrong-value'
  | 'not-integer'
  | 'not-address'
  | 'wrong-checksum'
  | 'not-hex'
  | 'already-signed'
  | 'not-a-path'
  | 'path-not-wanted'
  | 'other-signer'
  | 'other-method'
  | 'same-twice'
  // of Ethereum transactions
  | 'wrong-type'
  | 'blobs'
  | 'any-chain'
  | 'not-rlp'
  | 'not-bytes'
  | 'leading-zero'
  | 'tip-above-maximum'
  | 'cost-overflow'
  | 'creates-nothing'
  | 'below-gas'
  // of typed data
  | 'bad-name'
  | 'unknown-type'
  | 'unsized-type'
  | 'cyclic'
  // of Bitcoin payments
  | 'not-psbt'
  | 'wrong-version'
  | 'spent-twice'
  | 'not-p2wpkh'
  | 'not-ours'
  | 'missing-amount'
  | 'other-amount'
  | 'wrong-sighash'
  | 'more-than-inputs'
  | 'signs-message'
  | 'proves-reserves'
  | 'not-shown'
  | 'other-lock-times'

/** What the rule is about, for whoever has to put it right. */
export interface RefusedValue {
  /** As it was given; what is long is cut. */
  readonly given?: string | undefined
  /** What would do instead: the least, the most, the other name. */
  readonly needed?: string | undefined
}

const longestGiven = 60

/** What was given cannot be decoded, so it is not signed. `field` is the content's own name for the place. */
export class ContentRefused extends ProtocolAbort {
  readonly field: string
  readonly rule: ContentRule
  readonly given: string | undefined
  readonly needed: string | undefined
  constructor(field: string, rule: ContentRule, { given, needed }: RefusedValue = {}) {
    super({ kind: 'refused', what: 'content', detail: `${field}: ${rule}` })
    this.field = field
    this.rule = rule
    this.given = given === undefined ? undefined : cut(given)
    this.needed = needed
  }
}

function cut(given: string): string {
  const characters = Array.from(given.slice(0, 4 * longestGiven))
  const short = characters.slice(0, longestGiven).join('')
  return visible(short).text + (short.length < given.length ? '…' : '')
}
