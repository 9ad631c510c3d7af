import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createOfferNews } from '../sessions/offerNews.ts'

suite('what is new among offers', () => {
  test('is told by topic, once for each session, from where somebody has looked', () => {
    const news = createOfferNews()
    news.add('ours', 'a')
    const position = news.position()
    assert.deepEqual(news.since('ours', position), [])
    for (const [topic, id] of [
      ['ours', 'b'],
      ['theirs', 'c'],
      ['ours', 'd'],
      ['ours', 'b'],
    ] as const) {
      news.add(topic, id)
    }
    assert.deepEqual(news.since('ours', position), ['b', 'd'])
    assert.deepEqual(news.since('theirs', position), ['c'])
    assert.deepEqual(news.since('ours', news.position()), [])
  })

  test('is not known any more when too much has happened, or something elsewhere: then all is looked at', () => {
    const news = createOfferNews(10)
    const position = news.position()
    for (let n = 0; n < 10; n += 1) news.add('ours', String(n))
    assert.equal(news.since('ours', position)?.length, 10)
    for (let n = 0; n < 20; n += 1) news.add('ours', String(n))
    assert.equal(news.since('ours', position), undefined)
    const later = news.position()
    news.add('ours', 'x')
    news.missed()
    assert.equal(news.since('ours', later), undefined)
    assert.deepEqual(news.since('ours', news.position()), [])
  })
})
