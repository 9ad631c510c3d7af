import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { createWalletClient, webSocket } from 'viem'
import { ethereumNode } from '../chain/http/ethereumNode.ts'
import { createSigner } from '../coordinator-stub/signer/methods.ts'
import type { SignerPorts } from '../coordinator-stub/signer/ports.ts'
import { type ServedSigner, serveSigner } from '../coordinator-stub/signer/serve.ts'
import { address, publicKey, signaturesOf } from '../coordinator-stub/test/ownKey.ts'
import { foundryPackage } from '../scripts/anvil.ts'
import { root } from '../scripts/project.ts'
import { type DemoChain, startDemoChain } from '../testkit/chain/demoChain.ts'
import { temporaryFolder } from '../testkit/harness.ts'
import { systemRandom } from '../tss-wasm/random.ts'

const guide = readFileSync(join(root, 'docs/INTEGRATE.md'), 'utf8')
const run = promisify(execFile)
const cast = join(
  root,
  'node_modules',
  foundryPackage('cast'),
  'bin',
  process.platform === 'win32' ? 'cast.exe' : 'cast',
)
const noCast = existsSync(cast) ? false : '*** Foundry’s cast is not installed for this platform ***'
const deepOnly = process.env['DEEP'] === undefined ? 'hardhat is 200 MB: npm run test:deep installs it' : false
const other = '0x000000000000000000000000000000000000dEaD'
const key = 'k'.repeat(64)

/** How programs reach the signer, and not how members sign: one holder of one key stands for them. */
describe('programs that know Ethereum send real transactions through the signer', () => {
  const resources = new AsyncDisposableStack()
  let chain: DemoChain
  let served: ServedSigner

  before(async () => {
    chain = resources.use(await startDemoChain())
    await chain.ask('anvil_setBalance', [address, '0xde0b6b3a7640000'])
    const ports: SignerPorts = {
      ...{ nodes: [{ chainId: BigInt(chain.chainId), url: chain.url }], chainId: 1n, waitMs: 600_000 },
      ...{ ask: ethereumNode(fetch, 60_000, 4 * 1024 * 1024), random: systemRandom, log: () => undefined },
      wallets: () => Promise.resolve([{ address, publicKey }]),
      sign: (order) => Promise.resolve({ signatures: signaturesOf(order), sent: () => Promise.resolve() }),
    }
    served = resources.use(
      await serveSigner(
        createSigner(ports),
        { origins: ['http://dapp.test'], key },
        { ...ports, hasWebSockets: true },
        0,
      ),
    )
  })
  after(() => resources.disposeAsync())

  const transactionOf = async (hash: string) =>
    (await chain.ask('eth_getTransactionByHash', [hash])) as {
      from: string
      to: string
      value: string
      blockHash: string
    }
  const isPaid = async (hash: string, value: bigint) => {
    const { from, to, value: paid, blockHash } = await transactionOf(hash)
    assert.deepEqual([from, to, BigInt(paid)], [address.toLowerCase(), other.toLowerCase(), value])
    assert.match(blockHash, /^0x[0-9a-f]{64}$/)
  }

  it('Foundry’s cast, with --unlocked', { skip: noCast }, async () => {
    const written =
      /^cast (send .*) FROM (.*) http:\S+ (.*) TO (.*)$/m.exec(guide) ?? assert.fail('no cast in the guide')
    const words = [written[1], address, written[2], served.url, written[3]?.replace('KEY', key), other, written[4]]
    const args = [...words.join(' ').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain)
    const sent = await run(cast, [...args, '--json'])
    const { transactionHash, status } = JSON.parse(sent.stdout) as { transactionHash: string; status: string }
    assert.equal(status, '0x1')
    await isPaid(transactionHash, 1n)
    await assert.rejects(
      run(cast, ['send', '--unlocked', '--from', address, '--rpc-url', served.url, other, '--value', '1wei']),
      /a program needs the key|403/,
    )
  })

  it('a page by viem’s WebSocket transport, as its browser opens the socket', async () => {
    // Browsers say the origin by themselves; outside of one somebody has to.
    const Plain = globalThis.WebSocket
    globalThis.WebSocket = class extends Plain {
      constructor(url: string) {
        super(url, { headers: { Origin: 'http://dapp.test' } } as never)
      }
    } as typeof Plain
    try {
      const transport = webSocket(served.url.replace('http', 'ws'), {
        timeout: 600_000,
        reconnect: false,
        keepAlive: false,
      })
      const client = createWalletClient({ transport })
      const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 }
      const rpcUrls = { default: { http: [served.url] } }
      const hash = await client.sendTransaction({
        chain: { id: Number(chain.chainId), name: 'Test', nativeCurrency, rpcUrls },
        ...{ account: address as `0x${string}`, to: other, value: 2n },
      })
      await isPaid(hash, 2n)
      const { close } = await (
        client.transport as unknown as { getRpcClient(): Promise<{ readonly close: () => void }> }
      ).getRpcClient()
      close()
    } finally {
      globalThis.WebSocket = Plain
    }
  })

  it('Hardhat, with remote accounts', { skip: deepOnly }, async (t) => {
    await using folder = await temporaryFolder()
    const cwd = folder.path
    await writeFile(join(cwd, 'package.json'), JSON.stringify({ name: 'dapp', private: true, type: 'module' }))
    try {
      await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', 'hardhat@3.18.0'], { cwd })
    } catch (error) {
      t.skip(`*** hardhat cannot be installed here: ${String(error).slice(0, 200)} ***`)
      return
    }
    const network = {
      type: 'http',
      url: served.url,
      accounts: 'remote',
      httpHeaders: { Authorization: `Bearer ${key}` },
    }
    await writeFile(
      join(cwd, 'hardhat.config.js'),
      `export default ${JSON.stringify({ networks: { quorate: network } })}\n`,
    )
    const script = `import { network } from 'hardhat'
const { provider } = await network.connect('quorate')
const [from] = await provider.request({ method: 'eth_accounts' })
const sent = { from, to: '${other}', value: '0x3' }
console.log(await provider.request({ method: 'eth_sendTransaction', params: [sent] }))
`
    await writeFile(join(cwd, 'send.js'), script)
    // By its library: the command line would first fetch compilers from the network.
    const { stdout } = await run(process.execPath, ['send.js'], { cwd, env: { ...process.env, CI: '1' } })
    await isPaid(stdout.trim().split('\n').at(-1) ?? '', 3n)
  })
})
