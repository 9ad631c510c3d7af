import { networkOf, type Network } from '../../../tss-wasm/content/networks.ts'
import type { Texts } from '../texts/en.ts'

/** The coin that amounts on a network are in; of one that we do not know nobody claims that it is another network's. */
export function coinOf(id: bigint | undefined, { networks }: Texts): string {
  return (id === undefined ? undefined : networkOf(id)?.coin) ?? networks.coin
}

export function networkName({ name, isTest = false }: Network, { networks }: Texts): string {
  if (name === undefined) return networks.local
  return isTest ? networks.test(name) : name
}

/** A network by its name and number, or by its number alone. */
export function networkText(id: bigint, texts: Texts): string {
  const network = networkOf(id)
  return network === undefined
    ? texts.review.unknownChain(id.toString())
    : texts.review.chain(networkName(network, texts), id.toString())
}
