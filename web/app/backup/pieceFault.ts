import type { PieceFault } from '../../../tss-wasm/guardians/slip39.ts'
import type { Texts } from '../texts/en.ts'

/** What is wrong with pieces that somebody typed in, as a sentence. */
export function pieceFault(fault: PieceFault, { faults }: Texts['guardians']): string {
  switch (fault.kind) {
    case 'word':
      return faults.word(fault.word, fault.at)
    case 'length':
      return faults.length(fault.words)
    case 'too-few':
      return faults.tooFew(fault.given, fault.needed)
    case 'twice':
      return faults.twice(fault.index + 1)
    case 'checksum':
    case 'form':
    case 'other-secret':
    case 'misfit':
      return faults[fault.kind]
  }
}
