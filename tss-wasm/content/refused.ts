import { ProtocolAbort } from '../failure.ts'

/** The rules that content can break; the app words them for people, the failure carries them as they are. */
export type ContentRule =
  | 'too-long'
  | 'wrong-type'
  | 'not-rlp'
  | 'wrong-field-count'
  | 'already-signed'
  | 'any-chain'
  | 'not-bytes'
  | 'not-a-list'
  | 'leading-zero'
  | 'too-large'
  | 'too-small'
  | 'wrong-length'
  | 'tip-above-maximum'
  | 'cost-overflow'
  | 'not-a-path'
  | 'path-not-wanted'
  | 'not-psbt'
  | 'not-canonical'
  | 'too-many'
  | 'spent-twice'
  | 'not-p2wpkh'
  | 'not-ours'
  | 'missing-amount'
  | 'other-amount'
  | 'wrong-sighash'
  | 'more-than-inputs'
  | 'not-json'
  | 'repeated-name'
  | 'too-deep'
  | 'bad-name'
  | 'unknown-type'
  | 'cyclic'
  | 'missing-field'
  | 'unknown-field'
  | 'wrong-value'
  | 'other-signer'

/** What was given cannot be decoded, so it is not signed. `field` is the transaction's name for the place. */
export class ContentRefused extends ProtocolAbort {
  readonly field: string
  readonly rule: ContentRule
  constructor(field: string, rule: ContentRule) {
    super({ kind: 'refused', what: 'content', detail: `${field}: ${rule}` })
    this.field = field
    this.rule = rule
  }
}
