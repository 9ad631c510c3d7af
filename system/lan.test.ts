import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { IncomingMessage } from 'node:http'
import { it } from 'node:test'
import { lanCertificate, lanNames } from '../scripts/certificate.ts'
import { runningStack } from '../testkit/running.ts'
import { temporaryFolder } from '../testkit/harness.ts'
import { systemRandom } from '../tss-wasm/random.ts'

it('npm start -- --lan serves https to other computers, and the server parties join by it', async () => {
  await using folder = await temporaryFolder()
  const names = [...lanNames(), 'localhost', '127.0.0.1']
  const lan = await lanCertificate(join(folder.path, 'lan'), names, systemRandom)
  await using stack = await runningStack({ dataFolder: folder.path, lan })
  const { port, protocol } = new URL(stack.url)
  assert.equal(protocol, 'https:')
  for (const host of names.slice(1)) {
    const asked = get({ host, port, path: '/quorate.json', ca: readFileSync(lan.cert), agent: false })
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    const { serverParties } = JSON.parse(await text(response)) as { serverParties: { name: string }[] }
    assert.deepEqual(
      serverParties.map(({ name }) => name),
      ['server-1', 'server-2'],
      host,
    )
  }
})
