import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviceName } from '../app/settings/deviceName.ts'
import { labelByKeys, toldApart } from '../platform/seatLabel.ts'
import { pinnedParty } from './doubles.ts'

test('whoever has said no name begins with that of the device', () => {
  const agents = {
    'Chrome on Windows':
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'Edge on Windows':
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Firefox on Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Safari on iPhone':
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'Quorate on Linux': '',
  }
  for (const [name, agent] of Object.entries(agents))
    assert.equal(
      deviceName(agent, (program, system) => `${program} on ${system}`),
      name,
    )
})

test('members are called by what they call themselves, servers by what their operators call them', () => {
  const [person, server] = [pinnedParty('', 1).identity, { ...pinnedParty('server-1', 2), label: 'Vault in Zurich' }]
  assert.deepEqual(labelByKeys(person, [server], 'Ana'), { label: 'Ana', name: 'Ana' })
  assert.deepEqual(labelByKeys(server.identity, [server], 'Ana'), { label: 'Vault in Zurich', serverParty: 'server-1' })
  assert.match(labelByKeys(person, [server]).label, /^([0-9A-Z]{4} ?){3}$/)
})

test('whoever takes the name of another member is told apart from it', () => {
  const [one, two, three] = ['Vault', 'Vault', 'Ana'].map((label, i) => ({
    seat: i + 1,
    label,
    ...pinnedParty('', i + 1).identity,
  }))
  assert.ok(one && two && three)
  const labels = toldApart([one, two, three]).map(({ label }) => label)
  assert.match(labels[0] ?? '', /^Vault \([0-9A-Z]{4}\)$/)
  assert.match(labels[1] ?? '', /^Vault \([0-9A-Z]{4}\)$/)
  assert.notEqual(labels[0], labels[1])
  assert.equal(labels[2], 'Ana')
})
