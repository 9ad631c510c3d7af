import { keygenRounds, reshareRounds, signRounds } from '../protocols/messages.ts'
import type { Round } from '../round/round.ts'

/** tss-lib's rounds have no names of their own; its messages have. */
export const roundOfType: Readonly<Record<string, Round>> = {
  KGRound1Message: keygenRounds.commitment,
  KGRound2Message1: keygenRounds.share,
  KGRound2Message2: keygenRounds.opening,
  KGRound3Message: keygenRounds.paillierProof,
  SignRound1Message1: signRounds.encryptedNonce,
  SignRound1Message2: signRounds.nonceCommitment,
  SignRound2Message: signRounds.products,
  SignRound3Message: signRounds.theta,
  SignRound4Message: signRounds.nonceOpening,
  SignRound5Message: signRounds.blindCommitment,
  SignRound6Message: signRounds.blindOpening,
  SignRound7Message: signRounds.checkCommitment,
  SignRound8Message: signRounds.checkOpening,
  SignRound9Message: signRounds.signatureShare,
  DGRound1Message: reshareRounds.commitment,
  DGRound2Message1: reshareRounds.moduli,
  DGRound2Message2: reshareRounds.ready,
  DGRound3Message1: reshareRounds.share,
  DGRound3Message2: reshareRounds.opening,
  DGRound4Message1: reshareRounds.noSmallFactor,
  DGRound4Message2: reshareRounds.stored,
}
