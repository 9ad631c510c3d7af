import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { anvilProgram } from '../../scripts/anvil.ts'
import { testTokenCode } from './testToken.ts'

/** A local Ethereum node with a test token, on a free port; everything on it is worth nothing and gone with it. Disposing ends it. */
export interface DemoChain extends AsyncDisposable {
  readonly chainId: string
  /** JSON-RPC */
  readonly url: string
  /** NODES and TOKENS of a coordinator whose app shall use it. */
  readonly environment: { readonly NODES: string; readonly TOKENS: string }
  readonly token: { readonly address: string; readonly symbol: 'TEST'; readonly decimals: 6 }
  /** @throws Error with what the node says */
  ask(method: string, params: readonly unknown[]): Promise<unknown>
}

const chainId = '31337'
/** A billion tokens. */
const supply = 10n ** 15n

/** @param options of anvil, beside ours: `--no-mining`, for example. @throws Error when it does not start */
export async function startDemoChain(options: readonly string[] = []): Promise<DemoChain> {
  await using opened = new AsyncDisposableStack()
  const child = spawn(await anvilProgram(), ['--port', '0', '--host', '127.0.0.1', '--chain-id', chainId, ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  opened.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    const gone = once(child, 'exit')
    child.kill()
    await gone
  })
  const url = `http://${await addressOf(child)}`
  child.stdout.resume()
  const ask = async (method: string, params: readonly unknown[]) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result
  }
  const address = await deployed(ask)
  const running = opened.move()
  return {
    chainId,
    url,
    environment: { NODES: `${chainId}=${url}`, TOKENS: `${chainId}:${address}:TEST:6` },
    token: { address, symbol: 'TEST', decimals: 6 },
    ask,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Host and port, as the node prints them when it listens. */
async function addressOf(child: ReturnType<typeof spawn>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  child.once('error', reject)
  child.once('exit', (code) => {
    reject(new Error(`the local Ethereum node ended with code ${code ?? 'none'}`))
  })
  if (child.stdout === null) throw new Error('the local Ethereum node has no output')
  createInterface({ input: child.stdout }).on('line', (line) => {
    const address = /^Listening on (\S+)$/.exec(line)?.[1]
    if (address !== undefined) resolve(address)
  })
  return promise
}

async function deployed(ask: DemoChain['ask']): Promise<string> {
  const [from] = (await ask('eth_accounts', [])) as string[]
  const data = testTokenCode + supply.toString(16).padStart(64, '0')
  const hash = await ask('eth_sendTransaction', [{ from, data }])
  await ask('evm_mine', [])
  const { contractAddress } = (await ask('eth_getTransactionReceipt', [hash])) as { contractAddress: string }
  return contractAddress
}
