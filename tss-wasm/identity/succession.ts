import { mostParties } from '../round/channel.ts'
import { z } from '../zod.ts'
import { hex } from './json.ts'

/** Which epoch of a wallet is to follow which (RESHARING 4.3, 7). */
export interface Succession {
  /** The wallet's, compressed: 33 bytes. */
  readonly publicKey: Uint8Array
  /** Of this attempt, and of the epoch if it becomes one. */
  readonly number: number
  /** The epoch whose shares are dealt. */
  readonly parent: number
  /** SHA-256 of the parent's certificate; `firstEpoch`'s, where there is none yet. */
  readonly parentHash: Uint8Array
  /** Attempts of the same parent that are neither certified nor aborted, in rising order. */
  readonly supersedes: readonly number[]
  /** t': how many of the new members sign. */
  readonly threshold: number
}

/** More attempts than any wallet sees; party keys are made of numbers (RESHARING 4.2, 5). */
const highestNumber = 2 ** 31 - 1
export const epochNumber = z.int().min(0).max(highestNumber)

export const successionShape = {
  publicKey: hex(33),
  number: epochNumber,
  parent: epochNumber,
  parentHash: hex(32),
  supersedes: z.array(epochNumber).max(64),
  threshold: z.int().min(2).max(mostParties),
}

export const isAboveParent = [
  ({ parent, number }: Succession) => number > parent,
  'number is above its parent',
] as const

export const supersedesInOrder = [
  ({ supersedes, parent, number }: Succession) =>
    supersedes.every((one, i) => one > (supersedes[i - 1] ?? parent) && one < number),
  'supersedes attempts between parent and number, in rising order',
] as const
