import { collectTyped, type Frames, framesOf } from '../../../tss-wasm/content/ur/typed.ts'

/** A certificate, which proves itself, for the camera of another member's device: UR of plain bytes (BCR-2020-006). */
const type = 'bytes'

export function proofFrames(certificate: Uint8Array): Frames {
  return framesOf(type, certificate)
}

export function collectProof(): ReturnType<typeof collectTyped> {
  return collectTyped([type])
}
