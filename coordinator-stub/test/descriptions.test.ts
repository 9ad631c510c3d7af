import assert from 'node:assert/strict'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { loadDescriptions as load } from '../../files/descriptions.ts'
import { readDescription } from '../../tss-wasm/content/describe/description.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { runningCoordinator } from '../../testkit/running.ts'

const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'

/** As the public registry has them: one file of what all tokens share, and a token's own that includes it. */
const erc20 = {
  display: {
    formats: {
      'transfer(address to,uint256 value)': {
        intent: 'Send',
        fields: [
          { path: 'to', label: 'To', format: 'addressName' },
          { path: 'value', label: 'Amount', format: 'tokenAmount', params: { tokenPath: '@.to' } },
        ],
      },
    },
  },
}
const alone = {
  context: { contract: { deployments: [{ chainId: 1, address: usdc }] } },
  metadata: { owner: 'Circle', token: { name: 'USD Coin', ticker: 'USDC', decimals: 6 } },
  display: {
    formats: { 'transfer(address to,uint256 value)': { fields: [{ path: 'to', label: 'Who gets it' }] } },
  },
}
const token = { includes: '../ercs/erc20.json', ...alone }

const loadDescriptions = (folder: string) => load(folder, readDescription)

async function folderOf(files: Readonly<Record<string, unknown>>) {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder.path, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

describe('descriptions in a folder (ERC-7730)', () => {
  it('are read with what they include, which the file that includes goes before', async () => {
    await using folder = await folderOf({
      'ercs/erc20.json': erc20,
      'circle/usdc.json': token,
      'README.md': 'no JSON',
      '.git/x.json': 'nor this',
    })
    const [only, ...others] = await loadDescriptions(folder.path)
    assert.deepEqual(others, [], 'what is there to be included is none itself')
    const { owner, token: facts, calls } = readDescription(only)
    assert.deepEqual([owner, facts], ['Circle', { ticker: 'USDC', decimals: 6 }])
    assert.equal(calls[0]?.selector, '0xa9059cbb')
    assert.deepEqual(
      calls[0].rows.map(({ path, label, format }) => [path, label, format]),
      [
        ['to', 'Who gets it', 'addressName'],
        ['value', 'Amount', 'tokenAmount'],
      ],
    )
  })

  it('that are wrong are all named in one line, each with its fault', async () => {
    const contract = (deployments: unknown) => ({ ...alone, context: { contract: { deployments } } })
    await using folder = await folderOf({
      'a.json': '{ "context": ',
      'b.json': '[]',
      'c.json': contract([]),
      'd.json': contract([{ chainId: 1, address: `${usdc.slice(0, -1)}9` }]),
      'e.json': contract([{ chainId: 1.5, address: usdc }]),
      'f.json': { ...alone, display: { formats: {} } },
      'g.json': { ...token, includes: '/etc/hostname' },
      'h.json': { ...token, includes: './missing.json' },
      'i.json': { ...token, includes: './i.json' },
      'j.json': ' '.repeat(256 * 1024 + 1),
      'k.json': { ...alone, display: { formats: { ['x'.repeat(5000)]: {} } } },
      'l.json': '['.repeat(100_000),
      'm.json': { ...alone, display: { formats: { 'no function': {} } } },
      'right.json': { ...alone, display: erc20.display },
    })
    await assert.rejects(loadDescriptions(folder.path), ({ message }: Error) => {
      assert.ok(!message.includes('\n'), message)
      const faults = message.replace('the descriptions: ', '').split('; ')
      const expected = [
        /^a.json: not valid JSON$/,
        /^b.json: not a JSON object$/,
        /^c.json: it names no contract \(deployments\)$/,
        /^d.json: .*wrong-checksum/,
        /^e.json: one of its deployments/,
        /^f.json: it has no display.formats$/,
        /^g.json: it includes \/etc\/hostname, which is not in the folder$/,
        /^h.json: it includes .\/missing.json: there is no such file$/,
        /^i.json: .*more than four deep$/,
        /^j.json: it has more than 262144 bytes$/,
        /^k.json: a key of display.formats is too long$/,
        /^l.json: not valid JSON/,
        /^m.json: none of its formats is a function or a type$/,
      ]
      assert.equal(faults.length, expected.length, message)
      for (const [i, fault] of expected.entries()) assert.match(faults[i] ?? '', fault)
      return true
    })
    await assert.rejects(loadDescriptions(join(folder.path, 'nowhere')), /there is no folder/)
  })

  it('are followed through links, as Kubernetes mounts them', async () => {
    await using folder = await folderOf({ '..data/usdc.json': { ...alone, display: erc20.display } })
    await symlink('..data/usdc.json', join(folder.path, 'usdc.json'))
    assert.equal((await loadDescriptions(folder.path)).length, 1)
  })

  it('are bounded all together', async () => {
    const padded = { ...alone, display: erc20.display, padding: 'x'.repeat(200_000) }
    const files = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`${i}.json`, padded]))
    await using folder = await folderOf(files)
    await assert.rejects(loadDescriptions(folder.path), /more than 2097152 bytes in all/)
  })
})

describe('a coordinator', () => {
  it('gives the app the descriptions of its folder, and none without one', async () => {
    await using folder = await folderOf({ 'ercs/erc20.json': erc20, 'circle/usdc.json': token })
    for (const [given, count] of [
      [folder.path, 1],
      [undefined, 0],
    ] as const) {
      await using data = await temporaryFolder()
      await using coordinator = await runningCoordinator({ dataFolder: data.path, descriptionsFolder: given })
      const response = await fetch(new URL('/descriptions.json', coordinator.url))
      const { descriptions } = (await response.json()) as { descriptions: unknown[] }
      assert.equal(descriptions.length, count)
      for (const each of descriptions) readDescription(each)
    }
  })

  it('does not start with one that is wrong', async () => {
    await using folder = await folderOf({ 'usdc.json': 'hello' })
    await using data = await temporaryFolder()
    await assert.rejects(
      runningCoordinator({ dataFolder: data.path, descriptionsFolder: folder.path }),
      /^Error: the descriptions: usdc.json: not valid JSON$/,
    )
  })
})
