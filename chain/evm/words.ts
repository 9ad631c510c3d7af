import { hexToBytes } from '@noble/hashes/utils.js'
import { z } from '../../tss-wasm/zod.ts'

/** A number of at most 256 bits, as JSON-RPC writes it; leading zeros, which some nodes write, change nothing. */
export const quantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,64}$/i)
  .transform((text) => BigInt(text))

export const bytes = z
  .string()
  .regex(/^0x([0-9a-f]{2})*$/i)
  .transform((text) => hexToBytes(text.slice(2)))

/** Of a transaction or block, in lower case. */
export const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/i)
  .transform((text) => text.toLowerCase())

/** How many blocks a fee history is asked for, and which shares of their gas paid at most the tips that it tells. */
export const historyBlocks = 20
export const percentiles = [10, 50, 90] as const

/** `eth_feeHistory`: base fees of the blocks and of the one to come, in wei, and of each block a tip for each percentile. */
export const feeHistory = z.object({
  baseFeePerGas: z
    .array(quantity)
    .min(2)
    .max(historyBlocks + 1),
  reward: z.array(z.tuple([quantity, quantity, quantity])).max(historyBlocks),
})
export type FeeHistory = z.infer<typeof feeHistory>
