import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { FetchRequest, JsonRpcProvider, Transaction, verifyMessage } from 'ethers'
import { createWalletClient, custom, http, recoverTypedDataAddress } from 'viem'
import { startParty } from '../coordinator-stub/party/start.ts'
import { openPartyFolder } from '../coordinator-stub/party/folder.ts'
import { createRequests } from '../participant/requests/requestBox.ts'
import { encodeServerParties, type PinnedParty } from '../participant/session/serverParties.ts'
import { writeDurably } from '../files/dataFolder.ts'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { locatorOf } from '../tss-wasm/requests/mailbox.ts'
import { stateOf } from '../tss-wasm/requests/state.ts'
import { temporaryFolder } from '../testkit/harness.ts'
import { createWallet, fixturePreParameters, person } from '../testkit/person.ts'
import { runningCoordinator } from '../testkit/running.ts'

const recipient = '0x000000000000000000000000000000000000dEaD'
const chainId = 31337
const gwei = 10n ** 9n

/** What a chain of one transaction after the other says of itself. */
async function chainNode() {
  const sent: Transaction[] = []
  const answers: Record<string, (params: string[]) => unknown> = {
    eth_chainId: () => `0x${chainId.toString(16)}`,
    eth_blockNumber: () => '0x10',
    eth_getTransactionCount: () => `0x${sent.length.toString(16)}`,
    eth_estimateGas: () => '0x5208',
    eth_feeHistory: () => ({
      baseFeePerGas: Array.from({ length: 21 }, () => `0x${gwei.toString(16)}`),
      reward: Array.from({ length: 20 }, () => ['0x1', '0x1', '0x1']),
    }),
    eth_sendRawTransaction([raw = '']) {
      const transaction = Transaction.from(raw)
      sent.push(transaction)
      return transaction.hash
    },
    eth_getTransactionReceipt([hash = '']) {
      const at = sent.findIndex((each) => each.hash === hash)
      const of = sent[at]
      const where = { blockNumber: '0x10', blockHash: `0x${'ab'.repeat(32)}`, transactionIndex: `0x${at.toString(16)}` }
      const costs = { gasUsed: '0x5208', cumulativeGasUsed: '0x5208', effectiveGasPrice: '0x1' }
      const bloom = { logs: [], logsBloom: `0x${'00'.repeat(256)}`, contractAddress: null }
      return (
        of && {
          transactionHash: hash,
          from: of.from,
          to: of.to,
          status: '0x1',
          type: '0x2',
          ...where,
          ...costs,
          ...bloom,
        }
      )
    },
    eth_getTransactionByHash: ([hash = '']) => sent.find((each) => each.hash === hash) && null,
  }
  const server: Server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (part: string) => (text += part))
    request.on('end', () => {
      const { id, method, params } = JSON.parse(text) as { id: number; method: string; params: string[] }
      const result = answers[method]?.(params) ?? null
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id, result }))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    sent,
    url: `http://127.0.0.1:${port}`,
    [Symbol.dispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A person who is away, and two server parties: the first offers the wallet to programs, the second one's policy says yes. */
describe('a wallet that existing programs sign with', () => {
  const resources = new AsyncDisposableStack()
  const names = ['server-1', 'server-2']
  let sent: readonly Transaction[]
  let address: string
  let signer: FetchRequest
  let url: string
  let key: string
  let second: AsyncDisposable
  /** How many signatures, of both parties, have come of presignatures that were there. */
  let presigned = 0
  const hear = (event: string, details?: Readonly<Record<string, unknown>>) => {
    if ((event === 'signed' || event === 'signed-request') && details?.['presigned'] === true) presigned += 1
  }
  /** What the person reads of all requests, once the newest of them is as wanted. */
  let newest: (isWanted: (stage: string) => boolean) => Promise<string>

  before(async () => {
    const folder = resources.use(await temporaryFolder()).path
    const partyFolder = (name: string) => join(folder, name)
    const pinned: PinnedParty[] = []
    for (const [at, name] of names.entries()) {
      await using opened = await openPartyFolder(partyFolder(name), undefined, systemRandom)
      pinned.push({ name, identity: opened.identity.public })
      await opened.addPrepared(await fixturePreParameters(at + 1, opened.masterKey))
    }
    const partiesFile = join(folder, 'parties.json')
    await writeDurably(partiesFile, new TextEncoder().encode(encodeServerParties(pinned)))
    const coordinator = resources.use(
      await runningCoordinator({ dataFolder: join(folder, 'coordinator'), partiesFile }),
    )
    const node = resources.use(await chainNode())
    sent = node.sent
    const listening = Promise.withResolvers<string>()
    const party = (name: string) => ({
      ...{ name, coordinator: coordinator.grpcUrl, dataFolder: partyFolder(name), masterKey: undefined },
      ...{ deadlineMs: 120_000, prepare: 0, policyFile: undefined, tls: {} },
    })
    const nodes = [{ chainId: BigInt(chainId), url: node.url }]
    const settings = { port: 0, origins: [], nodes, chainId: 1n, waitMs: 600_000 }
    resources.use(
      await startParty({ ...party('server-1'), signer: settings }, (event, details) => {
        if (event === 'signer') listening.resolve(String(details?.['url']))
        hear(event, details)
      }),
    )
    second = await startParty(party('server-2'), hear)
    const away = await person(createGrpcTransport({ baseUrl: coordinator.grpcUrl }))
    const wallet = await createWallet(away, pinned)
    address = ethereumAddress(wallet.publicKey)
    url = await listening.promise
    key = (await readFile(join(partyFolder('server-1'), 'signer.key'), 'utf8')).trim()
    signer = new FetchRequest(url)
    signer.setHeader('Authorization', `Bearer ${key}`)
    // The wallet is there for its maker before the last confirmation has reached the party.
    for (let accounts: unknown[] = []; accounts.length === 0;) accounts = await call('eth_accounts')

    const others = pinned.map(({ identity }, at) => ({ seat: (at + 2) as PartyId, identity }))
    const me = 1 as PartyId
    const members = [{ seat: me, identity: away.identity.public }, ...others]
    const membership = { publicKey: wallet.publicKey, epoch: 0, threshold: 2, members }
    newest = async (isWanted) => {
      const requests = createRequests(away.transport, { random: systemRandom, now: Date.now })
      const box = await requests.open({ membership, me, identity: away.identity })
      const over = new AbortController()
      try {
        for await (const { locator, requests: heads } of requests.watch([membership], over.signal)) {
          assert.deepEqual(locator, locatorOf(membership))
          const read = await Promise.all(heads.map(({ requestId }) => box.read(requestId)))
          const [last] = read.sort((a, b) => b.request.createdMs - a.request.createdMs)
          const stage = last && stateOf(last, membership, Date.now()).stage
          if (stage !== undefined && isWanted(stage)) return `${last?.request.note}: ${stage}`
        }
      } finally {
        over.abort(new Error('seen'))
      }
      throw new Error('the watch has ended')
    }
  })
  after(() => resources.disposeAsync())

  async function call(method: string, ...params: unknown[]): Promise<unknown[]> {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    return ((await (await fetch(url, { method: 'POST', headers, body })).json()) as { result: unknown[] }).result
  }

  it('is the signer of ethers: it signs a message, sends a transaction, and sees it confirmed', async () => {
    const provider = new JsonRpcProvider(signer, chainId, { staticNetwork: true, batchMaxCount: 1 })
    const account = await provider.getSigner()
    assert.equal(await account.getAddress(), address)
    assert.equal(verifyMessage('ten pints of milk', await account.signMessage('ten pints of milk')), address)
    const hash = await account.sendUncheckedTransaction({ to: recipient, value: 3n })
    const receipt = await provider.getTransactionReceipt(hash)
    provider.destroy()
    assert.deepEqual([receipt?.from, receipt?.status], [address, 1])
    assert.deepEqual([sent.at(-1)?.from, sent.at(-1)?.value], [address, 3n])
    assert.equal(await newest((stage) => stage === 'sent'), 'Asked by a program with the key: sent')
  })

  it('is the account of viem, by its own transport and by any other', async () => {
    const transport = http(url, { fetchOptions: { headers: { Authorization: `Bearer ${key}` } }, timeout: 600_000 })
    const client = createWalletClient({ transport })
    const [account] = await client.requestAddresses()
    assert.equal(account, address)
    assert.ok(account)
    const typed = {
      domain: { name: 'Post', chainId },
      types: { Mail: [{ name: 'text', type: 'string' }] },
      primaryType: 'Mail',
      message: { text: 'hello' },
    } as const
    const signature = await client.signTypedData({ account, ...typed })
    assert.equal(await recoverTypedDataAddress({ ...typed, signature }), address)
    const request = client.request as unknown as Parameters<typeof custom>[0]['request']
    const second = createWalletClient({ transport: custom({ request }) })
    const chain = {
      id: chainId,
      name: 'Test',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [url] } },
    }
    const hash = await second.sendTransaction({ account, chain, to: recipient, value: 4n })
    assert.deepEqual([sent.at(-1)?.hash, sent.at(-1)?.value], [hash, 4n])
  })

  it('signs by presignatures that its parties have made meanwhile', async () => {
    for (let text = 1; presigned < 2; text += 1) {
      const [message, hex] = [`message ${text}`, Buffer.from(`message ${text}`).toString('hex')]
      const [signature] = [await call('personal_sign', `0x${hex}`, address)]
      assert.equal(verifyMessage(message, String(signature)), address)
    }
  })

  it('withdraws what its caller does not wait for any more, while too few have approved', async () => {
    await second[Symbol.asyncDispose]()
    const over = new AbortController()
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'personal_sign', params: ['0x00', address] })
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` }
    const asked = fetch(url, { method: 'POST', headers, body, signal: over.signal })
    await newest((stage) => stage === 'open')
    over.abort()
    await assert.rejects(asked)
    assert.equal(await newest((stage) => stage === 'withdrawn'), 'Asked by a program with the key: withdrawn')
  })
})
