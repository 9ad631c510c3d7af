import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english } from '@zxcvbn-ts/language-en'
import { weaknessOf } from '../app/passphrase/acceptable.ts'

suite('a passphrase for a share or a backup', () => {
  const estimator = new ZxcvbnFactory({ dictionary: { ...common, ...english }, graphs: adjacencyGraphs })
  const measured = (passphrase: string) => weaknessOf(passphrase, (it) => Promise.resolve(estimator.check(it).score))
  const unmeasured = (passphrase: string) => weaknessOf(passphrase, () => Promise.resolve(undefined))

  test('is refused when it is short, or a word with a year and a sign', async () => {
    assert.equal(await measured('Tr0ub4dor'), 'short')
    for (const weak of ['Password2026!', 'qwertyuiop123', 'Letmein2026!', 'P@ssw0rd2026']) {
      assert.equal(await measured(weak), 'weak', weak)
    }
  })

  test('is accepted when it is several unrelated words, or random', async () => {
    for (const strong of ['river copper lantern walk', 'x7Kq9vTm2pLd', 'marble anchor under seven bridges']) {
      assert.equal(await measured(strong), undefined, strong)
    }
  })

  test('has twenty characters where the estimator did not load, as people count characters', async () => {
    assert.equal(await unmeasured('Password2026!'), 'unmeasured')
    assert.equal(await unmeasured('nineteen characters'), 'unmeasured')
    assert.equal(await unmeasured('\u{1F600}'.repeat(19)), 'unmeasured')
    assert.equal(await unmeasured('twenty characters it'), undefined)
  })
})
