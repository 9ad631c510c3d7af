import { join } from 'node:path'
import { makeApiKey } from '../coordinator-stub/rest/apiKeys.ts'
import { openPartyFolder } from '../coordinator-stub/party/folder.ts'
import type { Operator } from '../coordinator-stub/party/errands.ts'
import type { PartySettings } from '../coordinator-stub/party/settings.ts'
import { startParty } from '../coordinator-stub/party/start.ts'
import type { Log } from '../coordinator-stub/process/log.ts'
import { startCoordinator } from '../coordinator-stub/coordinator/start.ts'
import { writeDurably } from '../files/dataFolder.ts'
import { encodeServerParties, type PinnedParty } from '../participant/session/serverParties.ts'
import { encodeInvitation } from '../tss-wasm/identity/invitation.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import type { Engine } from '../tss-wasm/worker/api.ts'
import { startEngine } from '../tss-wasm/worker/client.ts'
import { spawnInNode } from '../tss-wasm/worker/spawn.node.ts'
import { copyEmptyDatabase } from './emptyDatabase.ts'
import { fixturePreParameters } from './person.ts'

/** What somebody who builds on Quorate is given: an address, a key, and what users pin. Disposing stops everything. */
export interface IntegratorStack extends AsyncDisposable {
  readonly url: string
  readonly apiKey: string
  /** 64 hex digits */
  readonly pin: string
  /** What the operator of server-1 does for a user who has lost the share in seat 1. @returns the invitation to its place */
  recover(walletId: string): Promise<string>
}

export interface IntegratorStackOptions {
  readonly dataFolder: string
  /** undefined: every party searches for its own pre-parameters; else it has the fixtures' for so many wallets, and a recovery of each. */
  readonly fixturesFor?: number
}

/** A coordinator that takes part for users, and server-1 and server-2, in this process. */
export async function startIntegratorStack({
  dataFolder,
  fixturesFor,
}: IntegratorStackOptions): Promise<IntegratorStack> {
  const names = ['server-1', 'server-2']
  const partyFolder = (name: string) => join(dataFolder, name)
  const pinned: PinnedParty[] = []
  for (const [at, name] of names.entries()) {
    await using folder = await openPartyFolder(partyFolder(name), undefined, systemRandom)
    pinned.push({ name, identity: folder.identity.public })
    for (let i = 0; i < 2 * (fixturesFor ?? 0); i++)
      await folder.addPrepared(await fixturePreParameters(at + 1, folder.masterKey))
  }
  const partiesFile = join(dataFolder, 'parties.json')
  await writeDurably(partiesFile, new TextEncoder().encode(encodeServerParties(pinned)))

  const shop = makeApiKey('shop', systemRandom)
  const coordinatorFolder = join(dataFolder, 'coordinator')
  await copyEmptyDatabase(join(coordinatorFolder, 'database'))
  let pin = ''
  await using opened = new AsyncDisposableStack()
  const coordinator = opened.use(
    await startCoordinator(
      {
        ...{ port: 0, grpcPort: 0, host: '127.0.0.1', heartbeatMs: 10_000, dataFolder: coordinatorFolder },
        ...{ webFolder: undefined, joinTokenSecret: undefined, partiesFile, apiKeys: shop.entry },
        startEngine: fixturesFor === undefined ? () => startEngine(spawnInNode) : engineWithFixtures,
      },
      systemRandom,
      (event, details) => {
        if (event === 'user-shares') pin = String(details?.['pin'])
      },
    ),
  )
  const policyFile = join(dataFolder, 'policy.json')
  await writeDurably(policyFile, new TextEncoder().encode(JSON.stringify(policy)))
  const settingsOf = (name: string): PartySettings => ({
    ...{ name, coordinator: coordinator.grpcUrl, dataFolder: partyFolder(name), masterKey: undefined },
    ...{ deadlineMs: 120_000, prepare: fixturesFor === undefined ? 1 : 0, policyFile, tls: {} },
  })
  opened.use(await startParty(settingsOf('server-2'), () => undefined))
  let first = await startParty(settingsOf('server-1'), () => undefined)
  opened.defer(() => first[Symbol.asyncDispose]())
  const held = opened.move()
  return {
    ...{ url: coordinator.url, apiKey: shop.key, pin },
    async recover(walletId) {
      await first[Symbol.asyncDispose]()
      const invited = Promise.withResolvers<string>()
      const errand = { errand: { kind: 'recover', walletId, lost: [1] }, comparing: false } as const
      const operator: Operator = {
        invite([invitation]) {
          if (invitation !== undefined) invited.resolve(`join/${encodeInvitation(invitation)}`)
        },
        codesMatch: () => Promise.resolve(true),
        done: () => undefined,
      }
      const log: Log = (event, { reason } = {}) => {
        if (event === 'session-failed') invited.reject(new Error(String(reason)))
      }
      first = await startParty({ ...settingsOf('server-1'), errand }, log, () => operator)
      return invited.promise
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** Messages for whoever asks, and new members where two agree to them. */
const policy = {
  ...{ version: 1, messages: true, chains: 'any', mostSignaturesPerHour: 60 },
  resharing: { members: 'any' },
}

/** Searches for nothing. */
function engineWithFixtures(): Engine {
  const engine = startEngine(spawnInNode)
  return {
    ...engine,
    makePreParameters: (key) => fixturePreParameters(0, key),
    [Symbol.dispose]() {
      engine[Symbol.dispose]()
    },
  }
}
