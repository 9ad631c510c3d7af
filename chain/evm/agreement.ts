import { NodeTrouble, type Trouble } from './node.ts'

/** What the nodes that were asked say of one thing. */
export type Word<T> =
  | { readonly type: 'said'; readonly value: T; readonly by: readonly string[] }
  | { readonly type: 'differ'; readonly said: readonly Said<T>[] }
  /** Nobody said anything. */
  | { readonly type: 'unknown' }

export interface Said<T> {
  readonly host: string
  readonly value: T
}

/** A node that could not be asked, or did not answer one question. */
export interface Troubled {
  readonly host: string
  readonly trouble: Trouble
}

/** @param merge of the values of nodes that agree, in the order in which they are listed; undefined: they do not */
export function agreed<T>(said: readonly Said<T>[], merge: (values: readonly T[]) => T | undefined): Word<T> {
  if (said.length === 0) return { type: 'unknown' }
  const value = merge(said.map((each) => each.value))
  return value === undefined ? { type: 'differ', said } : { type: 'said', value, by: said.map(({ host }) => host) }
}

/** All say the very same. */
export function same<T>(isSame: (one: T, other: T) => boolean = Object.is): (values: readonly T[]) => T | undefined {
  return ([first, ...others]) =>
    first !== undefined && others.every((other) => isSame(first, other)) ? first : undefined
}

/** The greatest of numbers of which none is more than so many times another. */
export function greatest(times: bigint): (values: readonly bigint[]) => bigint | undefined {
  return (values) => {
    const [least, most] = [values.reduce((a, b) => (a < b ? a : b)), values.reduce((a, b) => (a > b ? a : b))]
    return most <= least * times ? most : undefined
  }
}

/** An answer, or what was in its way. */
export async function orTrouble<T>(answer: Promise<T>): Promise<{ readonly value: T } | { readonly trouble: Trouble }> {
  try {
    return { value: await answer }
  } catch (error) {
    if (error instanceof NodeTrouble) return { trouble: error.trouble }
    throw error
  }
}
