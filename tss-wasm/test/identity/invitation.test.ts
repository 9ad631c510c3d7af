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
    for (const given of ['', 'hello', `${text}=`, `${text}A`, 'javascript:alert(1)', `${text} ${text}`]) {
      refuses(given, /damaged/)
    }
    refuses(text.repeat(50), /too long/)
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
