import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { temporaryFolder } from '../../testkit/harness.ts'
import { serveWebApp } from '../http/webApp.ts'

const script = 'export const answer = 42'

describe('the files of the web app', () => {
  const resources = new AsyncDisposableStack()
  const failures: unknown[] = []
  let folder: string
  let server: Server
  let url: string

  before(async () => {
    folder = resources.use(await temporaryFolder()).path
    await mkdir(join(folder, 'assets'))
    for (const name of ['kept.js', 'gone.js']) await writeFile(join(folder, 'assets', name), script)
    const serve = serveWebApp({ folder, documents: {} })
    server = createServer((request, response) => {
      serve(request, response).catch((error: unknown) => {
        failures.push(error)
        response.destroy()
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/assets`
  })
  after(async () => {
    server.closeAllConnections()
    server.close()
    await resources.disposeAsync()
  })

  async function ask(range: string): Promise<readonly [status: number, body: string]> {
    const answer = await fetch(`${url}/kept.js`, { headers: { range } })
    return [answer.status, await answer.text()]
  }

  it('are given in pieces', async () => {
    assert.deepEqual(await ask('bytes=0-5'), [206, 'export'])
    assert.deepEqual(await ask('bytes=7-'), [206, 'const answer = 42'])
    assert.equal((await ask('bytes=4000-'))[0], 416)
  })

  it('are given whole where the range is none, runs backwards, counts from the end, or is several', async () => {
    for (const range of ['bytes=5-2', 'bytes=-5', 'bytes=0-1,4-5', 'bytes=a-b', 'lines=0-1', 'bytes=', '5-9'])
      assert.deepEqual(await ask(range), [200, script], range)
    assert.deepEqual(failures, [])
  })

  it('that were deleted since the start cost whoever asks for one its answer, and nobody else anything', async () => {
    await rm(join(folder, 'assets', 'gone.js'))
    await assert.rejects(fetch(`${url}/gone.js`).then((answer) => answer.text()))
    assert.deepEqual(await ask('bytes=0-5'), [206, 'export'])
  })
})
