import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { hasHidden, visible, visibleText } from '../../content/visibleText.ts'
import { visibleName } from '../../identity/walletName.ts'

/** One of each kind of what fonts do not draw, and of blanks that are not the plain space. */
const invisible = [
  ...['\ufe00', '\ufe0f', '\u{e0100}', '\u{e01ef}', '\u034f', '\u115f', '\u17b4', '\u180e', '\u3164', '\uffa0'],
  ...['\u200b', '\u2060', '\u206a', '\u{1bca0}', '\u{1d173}', '\u{e0041}', '\ufeff', '\u00ad', '\u202e', '\u0000'],
  ...['\u00a0', '\u1680', '\u2003', '\u200a', '\u2028', '\u202f', '\u205f', '\u3000', '\u2800', '\ue000', '\r'],
]

suite('visible text', () => {
  test('shows what nobody sees by its code point, in messages and typed data as in names', () => {
    for (const hidden of invisible) {
      const { text, hasHidden: found } = visible(`pay${hidden}pal`)
      assert.ok(found, JSON.stringify(hidden))
      assert.equal(text, `pay‹U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›pal`)
      assert.ok(hasHidden(`pay${hidden}pal`), JSON.stringify(hidden))
      assert.ok(!hasHidden(visibleName(`pay${hidden}pal`)), JSON.stringify(hidden))
    }
  })

  test('leaves what everybody sees as it is', () => {
    for (const text of ['', 'grüezi 世界 👋', 'a\nb\n\nc', '\tindented\n    code', 'לשלום', 'e\u0301']) {
      assert.deepEqual(visible(text), { text, hasHidden: false })
    }
  })

  test('keeps as many marks on a letter as languages have, and shows more by their code points', () => {
    // Burmese, Hebrew with a cantillation mark, Thai, Vietnamese in parts
    for (const text of ['မြွှေး', 'שָּׁ֑לוֹם', 'ที่นี่', 'e\u0302\u0301'])
      assert.deepEqual(visible(text), { text, hasHidden: false })
    const piled = `Savings${'\u0301'.repeat(60)}`
    assert.deepEqual(visible(piled), { text: `Savings${'\u0301'.repeat(4)}‹U+0301 ×56›`, hasHidden: true })
    assert.equal(visible('\u0336Savings').text, '‹U+0336›Savings')
    assert.equal(visible('to \u20e0Eve').text, 'to ‹U+20E0›Eve')
    for (const name of [piled, '\u0336Savings', 'to \u20e0Eve']) {
      assert.ok(hasHidden(name))
      assert.ok(!hasHidden(visibleName(name)), JSON.stringify(name))
    }
    assert.equal(visibleName(piled), `Savings${'\u0301'.repeat(4)}`)
  })

  test('shows blanks at the ends of lines and of the text', () => {
    const cases = [
      ['signed ', 'signed‹U+0020›'],
      ['signed\n', 'signed‹U+000A›'],
      ['one  \ntwo', 'one‹U+0020 ×2›\ntwo'],
      ['one\t\ntwo', 'one‹U+0009›\ntwo'],
      ['end\n\n \n', 'end‹U+000A ×2›‹U+0020›‹U+000A›'],
      ['one\r\ntwo', 'one‹U+000D›\ntwo'],
    ] as const
    for (const [raw, text] of cases) assert.deepEqual(visible(raw), { text, hasHidden: true })
  })

  test('shows a sentence that is pushed out of sight by empty lines or blanks right below them', () => {
    const catch400 = `I like this site.${'\n'.repeat(400)}All my coins go to Eve.`
    assert.equal(visible(catch400).text, 'I like this site.‹U+000A ×400›\nAll my coins go to Eve.')
    assert.equal(visible(`yes${' '.repeat(5000)}no`).text, 'yes‹U+0020 ×5000›no')
  })

  test('is undefined where the bytes are not UTF-8', () => {
    assert.deepEqual(visibleText(Uint8Array.of(0xff, 0xfe)), { text: undefined, hasHidden: false })
  })
})
