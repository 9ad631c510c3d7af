import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hexToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { ProtocolAbort } from '../../failure.ts'
import { createIdentity, fingerprintBytes } from '../../identity/identity.ts'
import { encodeInvitation, invitationLink, isFrom, readInvitation, type Invitation } from '../../identity/invitation.ts'
import { mostParties } from '../../round/channel.ts'
import type { PartyId } from '../../partyId.ts'
import { Secret } from '../../secret.ts'

const invitation: Invitation = {
  session: hexToBytes('000102030405060708090a0b0c0d0e0f'),
  seat: 2 as PartyId,
  seatSecret: new Secret(new Uint8Array(32).fill(0xa5)),
  creator: new Uint8Array(15).fill(0x3c),
  expiresAtMs: 1_800_000_000_000,
  joinToken: 'token.for-seat.2',
}
/** Of SPEC 8.6. */
const text =
  'AQABAgMEBQYHCAkKCwwNDg8AAqWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlPDw8PDw8PDw8PDw8PDw8a0nSAAAQdG9rZW4uZm9yLXNlYXQuMm54aq8'
const now = 1_700_000_000_000

const refuses = (given: string, reason: RegExp, at = now): void => {
  assert.throws(
    () => readInvitation(given, at),
    (error) => error instanceof ProtocolAbort && error.failure.kind === 'refused' && reason.test(error.message),
  )
}
const shown = ({ seatSecret, ...rest }: Invitation) => ({ ...rest, secret: seatSecret.reveal() })

describe('an invitation', () => {
  it('is written as the specification says, and read back from a link, a fragment, or the text alone', () => {
    assert.equal(encodeInvitation(invitation), text)
    const link = invitationLink('https://wallet.example/', invitation)
    assert.equal(link, `https://wallet.example/#/join/${text}`)
    for (const [given, app] of [
      [link, 'https://wallet.example'],
      [`  ${link}\n`, 'https://wallet.example'],
      [`#/join/${text}`, undefined],
      [`tssparty://join/${text}`, undefined],
      [`app://quorate/#/join/${text}`, undefined],
      [text, undefined],
    ] as const) {
      const read = readInvitation(given, now)
      assert.deepEqual(shown(read.invitation), shown(invitation))
      assert.equal(read.app, app)
    }
  })

  it('keeps its secret where no server is told: behind the #', () => {
    const { origin, pathname, search } = new URL(invitationLink('https://wallet.example', invitation))
    assert.equal(`${origin}${pathname}${search}`, 'https://wallet.example/')
    assert.doesNotMatch(JSON.stringify(invitation), /165/)
  })

  it('is refused when expired, damaged anywhere, cut short, too long, or no invitation at all', () => {
    refuses(text, /expired/, invitation.expiresAtMs)
    for (let at = 0; at < text.length; at += 1) {
      const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
      refuses(changed, /damaged/)
      refuses(text.slice(0, at), /damaged/)
    }
    for (const given of ['', 'hello', `${text}=`, `${text}A`, 'javascript:alert(1)', `x${text}`, `${text}\n${text}A`]) {
      if (given.includes('\n')) assert.equal(readInvitation(given, now).app, undefined)
      else refuses(given, /damaged/)
    }
    refuses(text.repeat(500), /too long/)
  })

  const link = `https://wallet.example/#/join/${text}`
  const wrapped = (by: string, every = 40): string => link.replaceAll(new RegExp(`.{${every}}`, 'g'), `$&${by}`)
  const safeLink = `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(link)}&data=05%7C02%7Cana%40x.example&sdata=abc%3D&reserved=0`
  const pasted: [name: string, given: string][] = [
    ['in brackets', `<${link}>`],
    ['in round ones, with a full stop', `Here it is (${link}).`],
    ['in quotes', `“${link}”, she said`],
    ['in Markdown', `[join the wallet](${link})`],
    ['in a sentence', `Hi Ben, please open ${link}, and call me when you are there!\n\nAna`],
    ['wrapped', `Hi\n\n${wrapped('\r\n')}\n\nBest regards\nAna`],
    ['wrapped and quoted', `> Hi\n> ${wrapped('\n> ', 60)}\n> Ana`],
    ['with characters of no width', wrapped('\u200b').replace('https', '\ufeffhttps')],
    ['with what a tracker appends', `${link}?utm_source=mail&utm_medium=x`],
    ['with what a tracker puts before the #', link.replace('/#', '/?utm_source=mail#')],
    ['with a slash at its end', `${link}/`],
    ['with its port', link.replace('.example', '.example:443')],
    ['with a host in upper case', link.replace('https://wallet.example', 'HTTPS://Wallet.Example')],
    ['as a Safe Link', safeLink],
    ['as a Safe Link in a Safe Link', `https://safe.example/?u=${encodeURIComponent(safeLink)}`],
    ['twice', `${link}\n${link}`],
    ['as its words and its link', `${link} <${safeLink}>`],
  ]
  for (const [name, given] of pasted) {
    it(`is found in what people paste: ${name}`, () => {
      const { invitation: read, app } = readInvitation(given, now)
      assert.deepEqual(shown(read), shown(invitation))
      assert.equal(app, 'https://wallet.example')
    })
  }

  it('is looked for in bounded time, whatever is pasted', () => {
    const started = performance.now()
    for (const part of ['AQABAgME\n', 'join/AQABAgME\n> ', 'https://a#/join/AQABAgMEBQ ', 'https://', '%2525'])
      refuses(part.repeat(32_000 / part.length), /damaged/)
    assert.ok(performance.now() - started < 60_000)
  })

  it('is not chosen among several, nor from several addresses', () => {
    const another = encodeInvitation({ ...invitation, seat: 3 as PartyId })
    refuses(`${link}\nhttps://wallet.example/#/join/${another}`, /invitation-several/)
    refuses(`${link}\n${link.replace('wallet', 'other')}`, /invitation-several/)
  })

  it('is refused in a link with %23 for #: whoever opened it has told the server its secret', () => {
    for (const given of [
      link.replace('#', '%23'),
      `see ${link.replace('/#/', '/%2523/')}`,
      link.replace('#/join/', '%23%2Fjoin%2F'),
    ])
      refuses(given, /invitation-mangled/)
  })

  it('is read in one way only, whatever it carries', () => {
    const property = fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.integer({ min: 1, max: mostParties }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.stringMatching(/^[A-Za-z0-9_.-]{1,300}$/),
      (session, seat, secret, joinToken) => {
        const made = { ...invitation, session, seat: seat as PartyId, seatSecret: new Secret(secret), joinToken }
        const again = readInvitation(encodeInvitation(made), now).invitation
        assert.equal(encodeInvitation(again), encodeInvitation(made))
      },
    )
    fc.assert(property, { numRuns: 50 })
  })

  it('knows whose it is', async () => {
    const [inviter, other] = [await createIdentity(), await createIdentity()]
    const theirs = { ...invitation, creator: fingerprintBytes(inviter.public) }
    assert.ok(isFrom(theirs, inviter.public))
    assert.ok(!isFrom(theirs, other.public))
  })
})
