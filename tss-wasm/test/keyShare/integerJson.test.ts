import fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseIntegerJson, writeIntegerJson, type Json, type Writable } from '../../keyShare/integerJson.ts'

const value = fc.letrec<{ value: Writable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.bigInt(-(2n ** 4096n), 2n ** 4096n),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .uniqueArray(fc.tuple(fc.string(), tie('value')), { maxLength: 4, selector: ([key]) => key.toLowerCase() })
      .map((fields): Writable => Object.fromEntries(fields)),
  ),
})).value

function same(read: Json, written: Writable): boolean {
  if (written instanceof Array) {
    return (
      Array.isArray(read) &&
      read.length === written.length &&
      written.every((each, i) => same((read as Json[])[i] ?? null, each))
    )
  }
  if (typeof written !== 'object') return read === written
  const fields = Object.entries(written)
  return (
    read instanceof Map &&
    read.size === fields.length &&
    fields.every(([key, each]) => same((read as Map<string, Json>).get(key.toLowerCase()) ?? null, each))
  )
}

describe('integer JSON', () => {
  it('keeps what JSON.parse would round', () => {
    assert.equal(parseIntegerJson('9007199254740993'), 9007199254740993n)
    assert.equal(writeIntegerJson({ a: [9007199254740993n, 'x"y'] }), '{"a":[9007199254740993,"x\\"y"]}')
  })

  it('reads what it writes', () => {
    fc.assert(fc.property(value, (written) => same(parseIntegerJson(writeIntegerJson(written)), written)))
  })

  it('reads JSON of others with integers as JSON.parse does, or refuses it', () => {
    const spaced = fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(3))
    fc.assert(
      fc.property(spaced, ([json, indent]) => {
        const text = JSON.stringify(json, undefined, indent)
        try {
          parseIntegerJson(text)
        } catch (error) {
          // fractions, exponents and keys that differ in case only are what we refuse and JSON allows
          assert.ok(error instanceof RangeError, String(error))
          assert.match(text, /[\d][.eE]|".*".*:.*".*":/s)
        }
      }),
    )
  })

  it('answers noise with a RangeError, and never hangs', () => {
    const noise = fc.string({ unit: fc.constantFrom(...Array.from('{}[]:,"\\0123-eE.+ntrufals \n')), maxLength: 200 })
    fc.assert(
      fc.property(noise, (text) => {
        try {
          parseIntegerJson(text)
        } catch (error) {
          assert.ok(error instanceof RangeError, String(error))
          return
        }
        JSON.parse(text) // what we take, everybody takes
      }),
      { numRuns: 2000 },
    )
  })

  it('refuses what is not strict', () => {
    const bad = [
      '',
      '{',
      '[1,]',
      '{"a":1,}',
      '1.5',
      '1e3',
      '-',
      '01',
      '-01',
      '"\u0001"',
      '[1 2]',
      '{"a" 1}',
      '{1:2}',
      '1 2',
      'nul',
    ]
    for (const text of [...bad, '[['.repeat(20)]) assert.throws(() => parseIntegerJson(text), RangeError, text)
  })
})
