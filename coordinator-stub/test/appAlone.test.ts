import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { encodeServerParties } from '../../participant/session/serverParties.ts'
import { pinnedParty, temporaryFolder } from '../../testkit/harness.ts'
import { parseCoordinators } from '../http/appAlone.ts'

const [ours, other] = ['https://coordinator.example', 'https://other.example:8443']

describe('the app from an origin of its own', () => {
  it('comes with the coordinators that it may reach, and carries no calls', async () => {
    await using folder = await temporaryFolder()
    const [web, parties] = [join(folder.path, 'web'), join(folder.path, 'parties.json')]
    await mkdir(web)
    await writeFile(join(web, 'index.html'), '<!doctype html>')
    const { pinned } = await pinnedParty('server-1')
    await writeFile(parties, encodeServerParties([pinned]))
    const args = ['--port', '0', '--web', web, '--parties', parties, '--coordinators', `${ours},${other}`]
    const listed = { RPC_ORIGINS: 'https://node.example', NODES: '1=https://chain.example/key' }
    const environment = { ...process.env, ...listed }
    const child = fork(join(import.meta.dirname, '../appMain.ts'), args, { stdio: 'ignore', env: environment })
    try {
      const [{ ready }] = (await once(child, 'message')) as [{ ready: { url: string } }]
      const page = await fetch(ready.url)
      const policy = page.headers.get('content-security-policy') ?? ''
      assert.match(
        policy,
        new RegExp(`connect-src 'self' ${ours} ${other} https://node.example https://chain.example;`),
      )
      assert.equal(page.headers.get('cross-origin-opener-policy'), 'same-origin')
      const document = async (path: string) => (await fetch(new URL(path, ready.url))).text()
      assert.deepEqual(JSON.parse(await document('/coordinators.json')), { coordinators: [ours, other] })
      const nodes = [{ chainId: '1', url: 'https://chain.example/key' }]
      const rpcOrigins = ['https://node.example', 'https://chain.example']
      assert.deepEqual(JSON.parse(await document('/rpc.json')), { rpcOrigins, nodes, tokens: [] })
      assert.equal(await document('/quorate.json'), encodeServerParties([pinned]))
      const call = await fetch(new URL('/quorate.v1.CoordinatorService/GetSession', ready.url), { method: 'POST' })
      assert.equal(call.status, 405)
    } finally {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  })

  it('is not served with an invalid coordinator address, or with none', () => {
    assert.deepEqual(parseCoordinators(`${ours}, ${other}`), [ours, other])
    for (const wrong of [
      '*',
      'http://coordinator.example',
      `${ours}/path`,
      `${ours}; script-src *`,
      'coordinator.example',
    ])
      assert.throws(() => parseCoordinators(`${other},${wrong}`), /COORDINATORS: not an origin/)
    assert.throws(() => parseCoordinators(' '), /COORDINATORS: 1 to 20 origins/)
  })
})
