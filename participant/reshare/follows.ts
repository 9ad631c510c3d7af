import { sameBytes } from '../../tss-wasm/bytes.ts'
import { refused } from '../../tss-wasm/failure.ts'
import type { ReshareProposal } from '../../tss-wasm/identity/reshareProposal.ts'
import { sameIdentity } from '../../tss-wasm/identity/roster.ts'
import { openAttempts, type WalletEpochs } from './walletEpochs.ts'

/**
 * Whether a proposal to reshare follows from the epoch that this device is in: what a member looks at before it takes a
 * seat. What the shares themselves are is held against its own by the engine.
 * @throws ProtocolAbort `refused`, `epoch` where one of the two is behind
 */
export function mustFollow({ current, attempts }: WalletEpochs, proposal: ReshareProposal): void {
  if (current === undefined) throw refused('not-a-holder', 'this device holds no share of that wallet yet')
  const { parent, parentHash, before, number, supersedes } = proposal
  if (parent !== current.number || !sameBytes(parentHash, current.hash)) {
    const which = parent < current.number ? `epoch ${parent}, which is over` : `epoch ${parent}, which is unknown here`
    throw refused('epoch', `the shares to be renewed are of ${which}; here it is ${current.number}`)
  }
  const isAsHere =
    before.threshold === current.threshold &&
    before.members.length === current.members.length &&
    current.members.every(({ seat, identity }) => sameIdentity(before.members[seat - 1]?.identity, identity))
  if (!isAsHere) throw refused('other-parties', 'the proposal has other members than the wallet')
  const open = openAttempts({ attempts }).filter(
    ({ handover }) => handover.parent === parent && handover.number < number,
  )
  const unnamed = open.filter(({ handover }) => !supersedes.includes(handover.number))
  if (unnamed.length > 0)
    throw refused('epoch', `attempt ${unnamed[0]?.handover.number} is still open, and the proposal does not name it`)
}
