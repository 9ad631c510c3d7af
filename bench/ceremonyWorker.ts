import type { KernelName } from '../tss-wasm/integers/kernel.ts'
import { loadKernel } from '../tss-wasm/integers/load.web.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { measureRuns, type Requested } from './ceremonyRuns.ts'
import { answer } from './worker.ts'

interface Request extends Requested {
  readonly kernel: KernelName
}

answer(async (input) => {
  const request = input as Request
  const kernel = await loadKernel(request.kernel)
  return measureRuns(request, () => wasmArithmetic(kernel))
})
