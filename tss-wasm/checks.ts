/** The checks of ECDSA's keygen, resharing and signing. */
export const ecdsaChecks = {
  // Keygen, after round 1 (WIRE 5)
  'N has 2048 bits': 'The encryption key it offered has the wrong size.',
  'h1 and h2 differ': 'The commitment key it offered is degenerate.',
  'Ñ has 2048 bits': 'The commitment key it offered has the wrong size.',
  'N and Ñ differ': 'It used one number for two keys that have to be independent.',
  'no key is used twice': 'Two parties offered the same key material: one of them copied the other, or one ran twice.',
  'DLN proof of h2 to the base h1': 'It could not prove that its commitment key hides what others commit to.',
  'DLN proof of h1 to the base h2': 'It could not prove that its commitment key hides what others commit to.',
  // Keygen, after round 2
  'opening has as many points as signers': 'It shared its part of the key with another threshold than agreed.',
  'opening matches the commitment': 'It changed its part of the key after it had seen the parts of others.',
  'opened points are on the curve': 'It sent numbers that are not points of the curve.',
  'mod proof': 'It could not prove that its encryption key is well made.',
  'share matches the opening': 'The share it dealt us does not belong to what it told everybody.',
  'no-small-factor proof': 'It could not prove that its encryption key has no small factors.',
  'shares combine to a key': 'The parts of the key cancel each other out.',
  // Keygen, after round 3
  'Paillier proof': 'It could not prove that its encryption key decrypts uniquely.',
  // Resharing, after rounds 1 and 3 (RESHARING 2)
  'public key is that of the wallet': 'It spoke of another wallet than the one that is to be renewed.',
  'session is that of the old shares': 'It started from other old shares than everybody was told.',
  'secret dealt is the share of the dealer': 'It dealt out something else than its own share of the key.',
  // Signing (WIRE 6.4)
  "Alice's range proof": 'It could not prove that its encrypted share of the nonce is small.',
  "Bob's proof": 'It could not prove that it multiplied our encrypted share correctly.',
  "Bob's proof with check": 'It could not prove that it used its own share of the key.',
  'theta is a scalar': 'It sent a number out of range.',
  'theta is invertible': 'The parts of the nonce cancel each other out.',
  'nonce opening matches the commitment': 'It changed its part of the nonce after it had seen the parts of others.',
  'nonce point is on the curve': 'It sent numbers that are not a point of the curve.',
  'Schnorr proof of the nonce point': 'It could not prove that it knows its part of the nonce.',
  'nonce points combine to a nonce': 'The parts of the nonce cancel each other out.',
  'V and A match the commitment': 'It changed its masked signature share after it had seen those of others.',
  'V and A are on the curve': 'It sent numbers that are not points of the curve.',
  'Schnorr proof of A': 'It could not prove that it knows what it masked its share with.',
  'proof of V': 'It could not prove that it knows its masked signature share.',
  'U and T match the commitment': 'It changed its check values after it had seen those of others.',
  'U and T are on the curve': 'It sent numbers that are not points of the curve.',
  'U = T': 'The signature shares do not fit together. Somebody computed with wrong values, and nobody can tell who.',
  's is a scalar': 'It sent a number out of range.',
  'signature verifies':
    'The finished signature is not valid. Somebody sent a wrong last share, and nobody can tell who.',
} as const satisfies Readonly<Record<string, string>>

/** The same for presigning and for signing with presignatures (CGGMP24 3, 4, 7). */
export const presigningChecks = {
  'proof of K': 'It could not prove that its encrypted share of the nonce is small.',
  'proof of G': 'It could not prove that its encrypted share of the mask is small.',
  'proof of Γ': 'It could not prove that its part of the nonce is the one it had encrypted.',
  'proof of the product with γ': 'It could not prove that it multiplied our encrypted share correctly.',
  'proof of the product with x': 'It could not prove that it used its own share of the key.',
  'parts of Γ combine to a nonce': 'The parts of the nonce cancel each other out.',
  'proof of Δ': 'It could not prove that it used the share of the nonce that it had encrypted.',
  'δ is invertible': 'The parts of the nonce cancel each other out.',
  'open proof of the product with γ': 'It multiplied somebody’s encrypted share wrongly.',
  'open proof of the product with x':
    'It multiplied somebody’s encrypted share with something else than its share of the key.',
  'proof of δ': 'Its share of the nonce is not what it had to compute.',
  'proof of S': 'Its share of the signature is not what it had to compute.',
  'shares of δ fit together': 'The shares of the nonce do not fit together, and everybody could prove their own.',
  'shares of χ fit together': 'The shares of the signature do not fit together, and everybody could prove their own.',
  'request is that of everybody': 'It signed something else than was agreed.',
  'σ belongs to its presignature': 'Its share of the signature is wrong.',
} as const satisfies Readonly<Record<string, string>>

/** The checks of keygen and signing in groups of prime order, in the order in which they are made (SCHEMES 3, 4, 6). */
export const schemeChecks = {
  'dealing has as many elements as signers': 'It shared its part of the key with another threshold than agreed.',
  'element is canonical': 'It sent a point in a form in which points are not written.',
  'element is on the curve': 'It sent bytes that are not a point of the curve.',
  'element is not the identity': 'It sent the point that stands for nothing, which hides no secret.',
  'element is not of small order': 'It sent a point of small order, with which keys and signatures can be forged.',
  'element is in the prime-order group': 'It sent a point outside the group that keys live in.',
  'scalar is below the order': 'It sent a number in a form in which numbers are not written.',
  'scalar is not zero': 'It sent zero where a secret number has to be.',
  'proof of possession': 'It could not prove that it knows its part of the key.',
  "dealt share is on the dealer's polynomial": 'The share it dealt us does not belong to what it told everybody.',
  'parts combine to a key': 'The parts of the key cancel each other out.',
  'signature share is right': 'It sent a signature share that is not of its share of the key.',
} as const satisfies Readonly<Record<string, string>>

/**
 * Every check that keygen, resharing and signing make on what the others send, in the order in which they are made, with
 * what it means to somebody who does not know the protocol.
 */
export const protocolChecks = { ...ecdsaChecks, ...schemeChecks } as const

/** What the mailbox, the echo and the envelope can find; which round it was stands beside it in a failure. */
export const deliveryChecks = {
  'message is well formed': 'It sent something that cannot be read.',
  'message comes from another party': 'What we sent came back to us as if it were new.',
  'one message per sender': 'It sent two different messages where there is one.',
  'private message is sent as such': 'It told everybody what was for one party only.',
  'private message opens under our key': 'It sent us something that was not encrypted for us.',
  'broadcast message is sent as such': 'It told one party what was for everybody.',
  'broadcast is the same for everybody': 'It told different parties different things.',
  'everybody got the same broadcast': 'Two parties were told different things, and nobody can tell by whom.',
  "echo of another party's broadcast is true": 'It made up what another party had said.',
  "echo covers every other party's broadcast": 'It did not say what it had received from everybody else.',
  'message belongs to a round of this protocol': 'It sent something that has no place in this ceremony.',
  'sender speaks in this round': 'It sent something that only the other parties of this ceremony send.',
  'sender takes part in this run': 'It sent something without taking part in this ceremony.',
  'one envelope per sequence number': 'It sent two different messages under one number.',
  'encryption key can be encrypted to': 'The encryption key of its identity is degenerate.',
} as const satisfies Readonly<Record<string, string>>

/** What everybody has to agree on before and after a run: who takes part, in what, and what came out of it. */
const agreementChecks = [
  'check codes are the same for everybody',
  'proposal is well formed',
  'proposal is written in canonical form',
  'proposal is signed by the creator of the session',
  'proposal is of this session',
  'protocol version is the same',
  'what was looked at is what is joined',
  'roster is well formed',
  'roster is written in canonical form',
  'roster is signed by the creator of the session',
  'roster is of this session',
  'roster is for this kind of session',
  'roster has the threshold that was agreed',
  'roster has as many seats as were agreed',
  'roster is for the proposal that was agreed',
  'roster gives the creator their own identity',
  'roster has our identity in our seat',
  'roster has our commitment in our seat',
  'roster has the commitments that were stated',
  'roster has the names that were stated',
  'roster names the protocol that all signers can',
  'check code opening is signed by its party',
  'check code opening is what its party committed to',
  'roster is the one that we approved',
  'roster is approved by everybody',
  'hand-shake is well formed',
  'hand-shake is signed by its party',
  'hand-shakes agree',
  'party has the identity that is pinned for it',
  'seat was taken with its invitation',
  'session was created by whoever sent the invitation',
  'coordinator seats us where the invitation says',
  'coordinator gives us the seat that it showed us',
  'coordinator answers with a session',
  'coordinator answers with the session that was asked for',
  'coordinator gives the creator a join token for each invited seat',
  'confirmation is signed by its party',
  'confirmation has a result',
  'everybody confirms the same result',
  'everybody received the same broadcasts',
  'new share stands up to its checks',
  'proposal to reshare states the shares of the wallet',
  'handover is well formed',
  'handover is written in canonical form',
  'handover is of this wallet',
  'handover is of this epoch',
  'handover has as many old members as sign',
  'handover has old members of this epoch in their own seats',
  'handover is signed by its creator',
  'handover is approved by every old member',
  'certificate is well formed',
  'certificate is written in canonical form',
  'certificate has one approval for each old member',
  'certificate has one confirmation for each new member',
  'certificate is confirmed by every new member',
  'retired is signed by a member of that epoch, under the certificate that ended it',
] as const

export type ProtocolCheck = keyof typeof protocolChecks | keyof typeof presigningChecks
/** Of all protocols, the earliest first. */
export const checksInOrder = Object.keys({ ...protocolChecks, ...presigningChecks }) as readonly ProtocolCheck[]

export type SchemeCheck = keyof typeof schemeChecks
export type DeliveryCheck = keyof typeof deliveryChecks
/** What a `Failure` names. A closed set: these names stay as they are, and what varies is said beside them. */
export type Check = ProtocolCheck | DeliveryCheck | (typeof agreementChecks)[number]

export function isCheck(name: string): name is Check {
  return Object.hasOwn(explanations, name) || (agreementChecks as readonly string[]).includes(name)
}

export function isProtocolCheck(check: Check): check is ProtocolCheck {
  return Object.hasOwn(protocolChecks, check) || Object.hasOwn(presigningChecks, check)
}

const explanations: Readonly<Record<string, string>> = { ...protocolChecks, ...presigningChecks, ...deliveryChecks }

/** One sentence about a party that failed this check, for people; nothing for a check whose name says it all. */
export function explain(check: Check): string | undefined {
  return explanations[check]
}
