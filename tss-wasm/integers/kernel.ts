export type KernelName = 'relaxed-simd' | 'portable'

/** A compiled kernel. Plain data, so that it can be sent to a worker, which makes its own memory for it. */
export interface Kernel {
  readonly name: KernelName
  readonly module: WebAssembly.Module
}
