import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * What a BLS key may sign for, fixed when the key is made (SCHEMES 6.3). A request cannot choose: the signature's DST comes
 * from here, and whoever keeps the share keeps it too.
 */
export type BlsDomain =
  /** Of an application, on one chain. */
  | { readonly kind: 'application'; readonly name: string; readonly chainId: bigint }
  /** Of an Ethereum validator: the consensus layer's own DST; the chain separates inside of what is signed. */
  | { readonly kind: 'ethereum-validator'; readonly chainId: bigint }

/** The ciphersuite: keys in G1, signatures in G2, proof of possession (draft-irtf-cfrg-bls-signature). */
const ciphersuite = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'
const highestChainId = 2n ** 64n - 1n

/** @throws RangeError for a name or chain that no domain has */
function checkDomain(domain: BlsDomain): void {
  if (domain.chainId < 1n || domain.chainId > highestChainId) throw new RangeError('a chain id has 1 to 64 bits')
  if (domain.kind === 'application' && !/^[A-Za-z0-9._-]{1,64}$/.test(domain.name))
    throw new RangeError("a domain's name has 1 to 64 letters, digits, dots, dashes and underscores")
}

export function isDomain(domain: BlsDomain): boolean {
  try {
    checkDomain(domain)
    return true
  } catch {
    return false
  }
}

/**
 * The DST of RFC 9380, at most 255 bytes. Its length is hashed with it, so none is another's beginning.
 * @throws RangeError for a name or chain that no domain has
 */
export function dstOf(domain: BlsDomain): Uint8Array<ArrayBuffer> {
  checkDomain(domain)
  if (domain.kind === 'ethereum-validator') return new Uint8Array(utf8ToBytes(ciphersuite))
  return new Uint8Array(utf8ToBytes(`${domain.name}:${domain.chainId.toString()}:${ciphersuite}`))
}

/** What the proofs of possession of its key are made over: parties with two domains in mind make no key. */
export function domainContext(domain: BlsDomain): Uint8Array<ArrayBuffer> {
  const chain = utf8ToBytes(`${domain.kind}:${domain.chainId.toString()}:`)
  return new Uint8Array(concatBytes(utf8ToBytes('quorate/bls-domain/1'), Uint8Array.of(0), chain, dstOf(domain)))
}

export function sameDomain(a: BlsDomain, b: BlsDomain): boolean {
  const nameOf = (domain: BlsDomain): string => (domain.kind === 'application' ? domain.name : '')
  return a.kind === b.kind && a.chainId === b.chainId && nameOf(a) === nameOf(b)
}
