import type { BrokenRule } from '../../../../tss-wasm/policy/brokenRule.ts'
import { brokenInWords, explainPolicy } from '../../../../tss-wasm/policy/explain.ts'
import type { Policy } from '../../../../tss-wasm/policy/policy.ts'
import { localeOf } from '../locale.ts'

const { moment } = localeOf('en')

/** What those say who decide by rules, without a person. */
export const policy = {
  title: 'Rules of the servers',
  lead: 'A server decides by rules that its operator has written down. It has signed what you read here.',
  untold: 'It has not told its rules yet.',
  toldAt: (when: Date) => `Told ${moment(when)}.`,
  stale: (name: string, when: Date) =>
    `These rules are of ${moment(when)}. ${name} has not confirmed them since, and may have others by now.`,
  notItsWord: (name: string) => `What is shown as the rules of ${name} is not its word`,
  notItsWordText: 'The coordinator may be showing old rules, or somebody else’s. They are not believed.',
  willRefuse: (name: string, rule: string) => `${name} will refuse: ${rule}`,
  willWait: (name: string, rule: string) => `${name} will not sign this at once: ${rule}`,
  mayRefuse: (name: string) => `${name} may refuse: it has signed so much today that it does not say what is left.`,
  explain: (rules: Policy): readonly string[] => explainPolicy(rules),
  broken: (rule: BrokenRule): string => brokenInWords(rule),
}
