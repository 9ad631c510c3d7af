import type { KernelName } from '../tss-wasm/integers/kernel.ts'
import { loadKernel } from '../tss-wasm/integers/load.web.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { measureRuns, type Scheme } from './ceremonyRuns.ts'
import { answer } from './worker.ts'

answer(async ({ kernel, ...request }: { kernel: KernelName; schemes: Scheme[]; runs: number; saved: string[] }) => {
  const loaded = await loadKernel(kernel)
  return measureRuns(request, () => wasmArithmetic(loaded))
})
