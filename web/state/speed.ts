import { create } from 'zustand'
import { type CeremonyKind, computingMs, type Speed } from '../../tss-wasm/worker/speed.ts'

/** Of this device, once it is measured. */
export const useSpeed = create<{ readonly speed: Speed | undefined }>(() => ({ speed: undefined }))

/** Milliseconds that this device computes in a ceremony of so many parties, at least a second; undefined until it is measured. */
export function useComputingMs(kind: CeremonyKind, parties: number): number | undefined {
  const speed = useSpeed((state) => state.speed)
  return speed && Math.max(1000, computingMs(kind, parties, speed))
}
