/** A seat, 1 to n. In signing it is the signer's seat in the wallet, not its position among the signers. */
export type PartyId = number & { readonly brand: 'PartyId' }
