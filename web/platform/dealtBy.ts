import { sameBytes } from '../../tss-wasm/bytes.ts'
import { fingerprint } from '../../tss-wasm/identity/identity.ts'
import type { WalletRecord } from './shareStore.ts'

/**
 * Who has made the shares that are in use, as its certificate proves and as they are called here, each with as much of its
 * fingerprint as tells two of one name apart. Empty where the wallet was never reshared.
 */
export function dealtBy({ epochs, seats }: Pick<WalletRecord, 'epochs' | 'seats'>): readonly string[] {
  const begun = epochs?.attempts.find(
    ({ handover, certificate }) => handover.number === epochs.number && certificate.length > 0,
  )
  return (begun?.handover.old ?? []).map(({ identity }) => {
    const known = fingerprint(identity).slice(0, 14)
    // Whoever handed over its place then is no member now, and has no name here.
    const label = seats.find(({ signingKey }) => sameBytes(signingKey, identity.signingKey))?.label ?? ''
    return label === '' || label === known ? known : `${label} (${known})`
  })
}
