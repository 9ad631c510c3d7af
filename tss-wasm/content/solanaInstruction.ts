/** An instruction of a program that is understood here; addresses in base 58, nothing where they are in a table on the chain. */
export type KnownInstruction =
  /** Of SOL, in lamports (10^-9). */
  | { readonly kind: 'transfer'; readonly from: Address; readonly to: Address; readonly lamports: bigint }
  /** The message is bound to a nonce account: valid until somebody advances it. */
  | { readonly kind: 'advance-nonce'; readonly account: Address; readonly authority: Address }
  /** Of an SPL token, in its smallest unit, between two token accounts; mint and decimals only where the message says them. */
  | {
      readonly kind: 'token-transfer'
      readonly from: Address
      readonly to: Address
      readonly authority: Address
      readonly amount: bigint
      readonly mint?: Address
      readonly decimals?: number
    }
  | { readonly kind: 'compute-limit'; readonly units: number }
  /** Millionths of a lamport for each unit: what makes the fee higher. */
  | { readonly kind: 'compute-price'; readonly microLamports: bigint }
  | { readonly kind: 'memo'; readonly text: string }

type Address = string | undefined

const programs = {
  system: '11111111111111111111111111111111',
  token: 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
  computeBudget: 'ComputeBudget111111111111111111111111111111',
  memo: 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr',
} as const

/** What the instruction does, or nothing: another program, another instruction, or not exactly its form. */
export function decodeInstruction(
  program: string,
  accounts: readonly Address[],
  data: Uint8Array,
): KnownInstruction | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const [first, second, third, fourth] = accounts
  const has = (bytes: number, people: number): boolean => data.length === bytes && accounts.length === people
  if (program === programs.system && data.length >= 4) {
    const instruction = view.getUint32(0, true)
    if (instruction === 2 && has(12, 2))
      return { kind: 'transfer', from: first, to: second, lamports: view.getBigUint64(4, true) }
    if (instruction === 4 && has(4, 3)) return { kind: 'advance-nonce', account: first, authority: third }
  }
  if (program === programs.token) {
    if (data[0] === 3 && has(9, 3))
      return { kind: 'token-transfer', from: first, to: second, authority: third, amount: view.getBigUint64(1, true) }
    if (data[0] === 12 && has(10, 4)) {
      const [amount, decimals] = [view.getBigUint64(1, true), view.getUint8(9)]
      return { kind: 'token-transfer', from: first, mint: second, to: third, authority: fourth, amount, decimals }
    }
  }
  if (program === programs.computeBudget) {
    if (data[0] === 2 && has(5, 0)) return { kind: 'compute-limit', units: view.getUint32(1, true) }
    if (data[0] === 3 && has(9, 0)) return { kind: 'compute-price', microLamports: view.getBigUint64(1, true) }
  }
  if (program === programs.memo) {
    const text = textOf(data)
    if (text !== undefined) return { kind: 'memo', text }
  }
  return undefined
}

function textOf(data: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data)
  } catch {
    return undefined
  }
}
