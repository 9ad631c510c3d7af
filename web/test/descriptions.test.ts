import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { loadDescriptions } from '../platform/browser/descriptions.ts'

const described = {
  context: { contract: { deployments: [{ chainId: 1, address: `0x${'11'.repeat(20)}` }] } },
  display: { formats: { 'stop()': { intent: 'Stop' } } },
}
const from = (text: string) => loadDescriptions(`data:application/json,${encodeURIComponent(text)}`)

suite('the descriptions that the app is given', () => {
  test('are read, and one that this version cannot read is left out', async () => {
    const unreadable = { ...described, display: {} }
    const read = await from(JSON.stringify({ descriptions: [unreadable, described, 7, null] }))
    assert.deepEqual(
      read.map(({ calls }) => calls[0]?.intent),
      ['Stop'],
    )
  })

  test('are none where the server does not say, says something else or says too much', async () => {
    for (const text of ['', '{', '[]', '{"descriptions":{}}', '<!doctype html>']) assert.deepEqual(await from(text), [])
    const long = JSON.stringify({ descriptions: [described], padding: 'x'.repeat(4 * 1024 * 1024) })
    assert.deepEqual(await from(long), [])
    assert.deepEqual(await loadDescriptions('http://127.0.0.1:1/descriptions.json'), [])
  })
})
