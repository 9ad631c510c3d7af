import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { findVerifpal, readModels, verdicts } from '../verifpal.ts'

const found = findVerifpal()
const skip = 'missing' in found && `NOT CHECKED: ${found.missing}`
if (skip !== false) console.log(`MODELS: ${skip}`)
const program = 'program' in found ? found.program : ''

suite('the hand-shake as a model, under an attacker who is the coordinator', { skip }, () => {
  for (const { name, path, expected, sessions } of readModels()) {
    test(`${name}: each query holds or fails as it is written there`, async () => {
      assert.equal(await verdicts(program, path, sessions), expected)
    })
  }

  test('a check that is left out is noticed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quorate-model-'))
    const weakened = async (name: string, check: string) => {
      const model = readModels().find((each) => each.name === name)
      assert.ok(model)
      const text = await readFile(model.path, 'utf8')
      assert.ok(text.includes(check), check)
      const path = join(folder, 'weakened.vp')
      await writeFile(path, text.replace(check, ''))
      return [await verdicts(program, path, 1), model.expected] as const
    }
    try {
      for (const [name, check] of [
        ['league', '\t_ = ASSERT(seen, HASH(session, proposal, signature))?\n'],
        ['request', '\t_ = ASSERT(seen, HASH(ben, session, request, statement))?\n'],
        ['inviter', '\t_ = ASSERT(ben_code, ana_code)?\n'],
        ['keygen', '\t_ = SIGNVERIF(host, CONCAT(guest_roster, sealed), envelope)?\n'],
      ] as const) {
        const [verdict, expected] = await weakened(name, check)
        assert.notEqual(verdict, expected, name)
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
