import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { isList, isObject, JsonNumber, readJson, type JsonValue } from '../../content/json.ts'
import { ContentRefused } from '../../content/refused.ts'

const read = (text: string) => readJson('data', text, 100_000)

/** As JSON.parse would have it. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.text)
  if (isList(value)) return value.map(plain)
  return isObject(value) ? Object.fromEntries([...value].map(([name, each]) => [name, plain(each)])) : value
}

suite('JSON', () => {
  test('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        assert.deepEqual(plain(read(text)), JSON.parse(text))
      }),
    )
    assert.deepEqual(plain(read(' { "a" : [ 1 , null,true ] , "\\u0041\\n":"\\ud83d\\ude00" } \n')), {
      a: [1, null, true],
      'A\n': '😀',
    })
  })

  test('that JSON.parse refuses is refused', () => {
    const texts = ['', '{', '[1,]', '{"a":1,}', '{a:1}', "{'a':1}", '01', '1.', '.5', '+1', '-', 'NaN', 'nul', '"\n"']
    for (const text of [...texts, '"\\x"', '[1 2]', '{"a" 1}', '1 1', '"a', '\u00a01']) {
      assert.throws(() => read(text), ContentRefused, text)
      assert.throws(() => JSON.parse(text) as unknown, text)
    }
  })

  test('keeps numbers as they are written', () => {
    for (const text of ['4503599627370497.4', '123456789012345678901234567890', '1e400', '-0', '0.1']) {
      const value = read(text)
      assert.ok(value instanceof JsonNumber && value.text === text)
    }
  })

  test('in which a name comes twice is refused by that name, not read by its last value', () => {
    assert.throws(
      () => read('{"to":1,"b":{"to":2},"to":3}'),
      (error) => error instanceof ContentRefused && error.rule === 'repeated-name' && error.given === 'to',
    )
  })

  test('has names that objects have of their own', () => {
    const value = read('{"__proto__":1,"constructor":2}')
    assert.ok(isObject(value))
    assert.deepEqual([...value.keys()], ['__proto__', 'constructor'])
  })

  test('that is too deep or too long is refused', () => {
    for (const text of ['['.repeat(100_000), '{"a":'.repeat(1000), ' '.repeat(100_001)]) {
      assert.throws(() => read(text), ContentRefused)
    }
  })
})
