import { addr } from 'micro-eth-signer'

/** An address as people copy it: alone, or in a URI with what is to be paid (EIP-681, BIP-21). */
export interface PaymentUri {
  /** As it stands there: whoever uses it checks it. */
  readonly address: string
  readonly network: 'ethereum' | 'bitcoin'
  readonly chainId: bigint | undefined
  /** Of Ethereum in wei, of Bitcoin as it is written: in BTC. */
  readonly amount: string | undefined
}

const longest = 2000

/**
 * Undefined for what is no such URI, for one that asks for a call of a contract, and for one that needs what nobody here knows
 * (BIP-21, "Variables": those that begin with `req-`).
 */
export function readPaymentUri(text: string): PaymentUri | undefined {
  if (text.length > longest) return undefined
  const [, scheme, target, query = ''] = /^(ethereum|bitcoin):(?:pay-)?([^?/]+)(?:\?(.*))?$/i.exec(text.trim()) ?? []
  if (scheme === undefined || target === undefined) return undefined
  const parameters = new URLSearchParams(query)
  if ([...parameters.keys()].some((name) => name.startsWith('req-'))) return undefined
  if (scheme.toLowerCase() === 'bitcoin') {
    return { address: target, network: 'bitcoin', chainId: undefined, amount: parameters.get('amount') ?? undefined }
  }
  const [, address, chainId] = /^(0x[0-9a-fA-F]{40})(?:@(\d{1,19}))?$/.exec(target) ?? []
  if (address === undefined) return undefined
  return {
    address,
    network: 'ethereum',
    chainId: chainId === undefined ? undefined : BigInt(chainId),
    amount: weiOf(parameters.get('value')),
  }
}

/** EIP-681 lets a number have a point and an exponent: "2.014e18". */
function weiOf(value: string | null): string | undefined {
  const [, whole, fraction = '', exponent = '0'] =
    /^(\d{1,60})(?:\.(\d{1,60}))?(?:[eE](\d{1,2}))?$/.exec(value ?? '') ?? []
  const zeros = Number(exponent) - fraction.length
  return whole === undefined || zeros < 0 ? undefined : BigInt(whole + fraction + '0'.repeat(zeros)).toString()
}

/** The address of what was pasted for one: out of an `ethereum:` URI, in upper or lower case with the checksum that is meant. */
export function ethereumAddressIn(text: string): string {
  const trimmed = text.trim()
  const uri = readPaymentUri(trimmed)
  const address = uri?.network === 'ethereum' ? uri.address : trimmed
  const digits = address.slice(2)
  return /^0x[0-9a-fA-F]{40}$/.test(address) && digits === digits.toUpperCase()
    ? addr.addChecksum(address.toLowerCase())
    : address
}
