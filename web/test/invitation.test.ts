import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureIn, ProtocolAbort } from '../../tss-wasm/failure.ts'
import { invitationLink } from '../../tss-wasm/identity/invitation.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { failureText } from '../app/ceremony/failureTexts.ts'
import { en } from '../app/texts/en.ts'
import { coordinatorOf, previewInvitation } from '../jobs/joinByInvitation.ts'
import { invitationTo, lookedAt, script, testPorts } from './doubles.ts'

const app = 'https://wallet.example'

test('an invitation that was replaced, or whose session has ended, is said to be over before anything is chosen', async () => {
  const ports = testPorts(script())
  const proposal = { kind: 'keygen', walletName: 'Club', threshold: 2, parties: 3, curve: 'secp256k1' } as const
  const creator = (await ports.identity.load()).public
  const seen = { ...lookedAt, sessionId: '', me: 2 as PartyId, proposal, creator, expiresAtMs: 0, mySeatIsTaken: false }
  const looks: readonly (typeof ports.coordinator.preview)[] = [
    () =>
      Promise.reject(
        new ProtocolAbort({
          kind: 'refused',
          what: 'coordinator',
          code: 'token_revoked',
          detail: 'the invitation has been revoked',
        }),
      ),
    () => Promise.resolve({ ...seen, isOver: true, isCompleted: false }),
  ]
  for (const look of looks) {
    const asked = { ...ports, coordinator: { ...ports.coordinator, preview: look } }
    const link = invitationLink(app, invitationTo(2 as PartyId))
    const failure = await previewInvitation(asked, link, app).then(() => undefined, failureIn)
    assert.ok(failure)
    const { title } = failureText(failure, { kind: 'other', parties: String }, en)
    assert.equal(title, en.failures.refusals.invitationOver.title)
  }
})

test('an invitation that everybody has used is not called replaced: the wallet exists', async () => {
  const ports = testPorts(script())
  const proposal = { kind: 'keygen', walletName: 'Club', threshold: 2, parties: 3, curve: 'secp256k1' } as const
  const creator = (await ports.identity.load()).public
  const seen = { ...lookedAt, sessionId: '', me: 2 as PartyId, proposal, creator, expiresAtMs: 0, mySeatIsTaken: true }
  const preview = () => Promise.resolve({ ...seen, isOver: true, isCompleted: true })
  const asked = { ...ports, coordinator: { ...ports.coordinator, preview } }
  const link = invitationLink(app, invitationTo(2 as PartyId))
  const failure = await previewInvitation(asked, link, app).then(() => undefined, failureIn)
  assert.ok(failure)
  const { title, now } = failureText(failure, { kind: 'other', parties: String }, en)
  assert.equal(title, 'This invitation has been used')
  assert.match(now, /the wallet is in your list/)
})

test('an invitation to this address is taken however the address is written, and one to another is not', async () => {
  const ports = testPorts(script())
  const looked: string[] = []
  const look: typeof ports.coordinator.preview = ({ sessionId }) => {
    looked.push(sessionId)
    return Promise.reject(new ProtocolAbort({ kind: 'cancelled' }))
  }
  const asked = { ...ports, coordinator: { ...ports.coordinator, preview: look } }
  const link = invitationLink(app, invitationTo(2 as PartyId))
  for (const same of [link, link.replace('wallet.example', 'WALLET.example:443'), `(${link}?utm_source=x)`]) {
    await assert.rejects(previewInvitation(asked, same, `${app}/`), /cancelled/)
  }
  assert.equal(looked.length, 3)
  for (const other of [link.replace('https', 'http'), link.replace('.example', '.example:8443')]) {
    await assert.rejects(previewInvitation(asked, other, app), /invitation-elsewhere/)
  }
})

test('an invitation names the coordinator of an app that is served by somebody else, and only that one is asked', async () => {
  const ports = testPorts(script())
  const look: typeof ports.coordinator.preview = () => Promise.reject(new ProtocolAbort({ kind: 'cancelled' }))
  const asked = { ...ports, coordinator: { ...ports.coordinator, preview: look } }
  const [ours, theirs] = ['https://ours.example', 'https://theirs.example:8443']
  const invitation = invitationTo(2 as PartyId)
  const link = invitationLink(app, invitation, ours)
  const wrapped = `> ${link.slice(0, 90)}\n> ${link.slice(90, -9)}\n> ${link.slice(-9)}`
  const rewritten = `https://filter.example/?url=${encodeURIComponent(link)}&data=1`
  for (const same of [link, `(${link})`, wrapped, rewritten, link.replace(app, ours), invitationLink(ours, invitation)])
    await assert.rejects(previewInvitation(asked, same, app, ours), /cancelled/, same)
  const others = [theirs, 'javascript:1', 'ours.example', '%ZZ'].map((named) => invitationLink(app, invitation, named))
  for (const other of [...others, invitationLink(theirs, invitation)])
    await assert.rejects(previewInvitation(asked, other, app, ours), /invitation-elsewhere/, other)
  await assert.rejects(previewInvitation(asked, link, app), /invitation-elsewhere/)
  await assert.rejects(
    previewInvitation(asked, `${link} ${invitationLink(app, invitation, theirs)}`, app, ours),
    /invitation-several/,
  )
  assert.equal(coordinatorOf(invitationLink(app, invitation, theirs), ports.now()), theirs)
  assert.equal(coordinatorOf('no invitation', ports.now()), undefined)
})
