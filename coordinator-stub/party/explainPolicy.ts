import type { Policy } from './policy.ts'

/** What a policy lets a server party do, a sentence each, for whoever has to answer for the file. */
export function explainPolicy(policy: Policy): readonly string[] {
  const { createWalletsFor, chains, bitcoin, mostSignaturesPerHour, resharing } = policy
  return [
    createWalletsFor === 'anybody'
      ? 'It helps anybody to make a wallet.'
      : `It helps to make wallets that are created by: ${createWalletsFor.join('; ') || 'nobody'}.`,
    `It signs at most ${mostSignaturesPerHour} times an hour for each wallet.`,
    signs(policy.messages, 'messages'),
    signs(policy.typedData, 'typed data (EIP-712): orders and permits that move tokens are of that kind'),
    signs(policy.delegations, 'what gives an account to the code of a contract (EIP-7702)'),
    signs(policy.rawDigest, 'raw digests, of which nobody can see what they stand for'),
    ...(chains === 'any'
      ? ['It signs every transaction on every Ethereum network, without a limit.']
      : chains.map(chain)),
    ...(chains !== 'any' && chains.length === 0 ? ['It signs no Ethereum transaction.'] : []),
    bitcoin === 'any'
      ? 'It signs every Bitcoin payment, without a limit.'
      : bitcoin === false
        ? 'It signs no Bitcoin payment.'
        : `Bitcoin: ${recipients(bitcoin.destinations)}; ${limits(bitcoin, 'satoshi')}.`,
    resharingSentence(resharing),
  ]
}

function signs(isAllowed: boolean, what: string): string {
  return isAllowed ? `It signs ${what}.` : `It does not sign ${what}.`
}

function chain(allowed: Exclude<Policy['chains'], 'any'>[number]): string {
  const { chainId, destinations, data, createContracts } = allowed
  const calls = data ? 'may call contracts, and what tokens that moves is not counted' : 'may not call contracts'
  const creates = createContracts ? 'may create contracts' : 'may not create contracts'
  return `Chain ${chainId}: ${recipients(destinations)}; ${limits(allowed, 'wei')}; ${calls}; ${creates}.`
}

function recipients(destinations: 'any' | readonly string[]): string {
  if (destinations === 'any') return 'pays anybody'
  return destinations.length === 0 ? 'pays nobody' : `pays only ${destinations.join(', ')}`
}

interface Limits {
  readonly mostPerTransaction: bigint | undefined
  readonly mostPerDay: bigint | undefined
}

function limits({ mostPerTransaction, mostPerDay }: Limits, unit: string): string {
  const one =
    mostPerTransaction === undefined ? 'no limit for one payment' : `at most ${mostPerTransaction} ${unit} each`
  const day = mostPerDay === undefined ? 'no limit for a day' : `at most ${mostPerDay} ${unit} in 24 hours`
  return `${one}, ${day}, fee included`
}

function resharingSentence({ members, agreeing, lowerThreshold }: Policy['resharing']): string {
  if (members === 'none') return 'It never makes new shares of a wallet.'
  const lower = lowerThreshold ? 'also with a lower threshold' : 'never with a lower threshold'
  return members === 'same'
    ? 'It makes new shares of a wallet for the same members only.'
    : `It makes new shares of a wallet for other members if ${agreeing} agree, ${lower}.`
}
