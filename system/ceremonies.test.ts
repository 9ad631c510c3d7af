import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Failure } from '../tss-wasm/failure.ts'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { recoverMessageAddress } from 'viem'
import { readAudit } from '../coordinator-stub/sessions/audit.ts'
import { previewInvitation } from '../web/jobs/joinByInvitation.ts'
import { answerRequest, rejectRequest } from '../web/jobs/requests.ts'
import { signContent } from '../web/jobs/signContent.ts'
import type { Ports } from '../web/jobs/ports.ts'
import type { WalletRecord } from '../web/platform/shareStore.ts'
import { mortal } from './dying.ts'
import { app, createByInvitation, type Meeting, meeting, never, nextRequest, passphrase } from '../testkit/people.ts'

const content = { type: 'ethereum-message', message: utf8ToBytes('pay the milkman') } as const

async function walletOf({ shares }: Ports): Promise<WalletRecord> {
  const [wallet, ...more] = await shares.list()
  assert.ok(wallet?.state === 'active' && more.length === 0)
  return wallet
}

function failureOf(outcome: PromiseSettledResult<unknown> | undefined): Failure {
  assert.ok(outcome?.status === 'rejected', 'it succeeded')
  assert.ok(outcome.reason instanceof ProtocolAbort, String(outcome.reason))
  return outcome.reason.failure
}

async function family(count: number, threshold: number): Promise<Meeting> {
  const now = await meeting(count)
  const outcomes = await createByInvitation(now, { threshold })
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return now
}

/** Number 0 asks `asked`; each of `answering` approves. The requester's outcome. */
/** @param first those who answer wait for it */
async function signing(
  now: Meeting,
  asked: readonly number[],
  answering: readonly number[],
  first: Promise<unknown> = Promise.resolve(),
) {
  const [host] = now.people
  assert.ok(host)
  const wallet = await walletOf(host)
  const coSigners = wallet.seats.filter(({ seat }) => asked.includes(seat - 1))
  const asking = signContent(
    host,
    { wallet, content, coSigners, passphrase: passphrase(), lifeSeconds: 60 },
    () => undefined,
    never,
  )
  asking.catch(() => undefined)
  const answers = answering.map(async (number) => {
    const ports = now.people[number]
    assert.ok(ports)
    const request = await nextRequest(ports)
    await first
    return answerRequest(ports, { request, passphrase: passphrase() }, () => undefined, never)
  })
  return { outcomes: await Promise.allSettled([asking, ...answers]), wallet }
}

describe('people who do not trust the server between them', () => {
  it('make a 2-of-3 wallet by invitation links, with one check code, and any two sign', async () => {
    const codes = new Set<string>()
    const now = await meeting(3)
    const outcomes = await createByInvitation(now, {
      threshold: 2,
      codesMatch(_, code) {
        codes.add(code)
        return true
      },
    })
    const wallets = outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason
      return outcome.value
    })
    assert.equal(wallets.length, 3)
    assert.equal(new Set(wallets.map(({ publicKey }) => ethereumAddress(publicKey))).size, 1)
    assert.equal(codes.size, 1)
    for (const ports of now.people) assert.deepEqual(await ports.pending.all(), [])

    const { outcomes: signed, wallet } = await signing(now, [1, 2], [2])
    for (const outcome of signed) {
      if (outcome.status === 'rejected') throw outcome.reason
      const signature = outcome.value.result as `0x${string}`
      const signer = await recoverMessageAddress({ message: 'pay the milkman', signature })
      assert.equal(signer, ethereumAddress(wallet.publicKey))
    }
  })

  it('make nothing when somebody reads another check code, and everybody hears why', async () => {
    const now = await meeting(3)
    const outcomes = await createByInvitation(now, { threshold: 2, codesMatch: (number) => number !== 2 })
    const [host, first, second] = outcomes.map(failureOf)
    assert.ok(second?.kind === 'misbehaviour' && second.check === 'check codes are the same for everybody')
    for (const heard of [host, first]) {
      assert.ok(heard?.kind === 'peer-gave-up' && heard.peer === 3, JSON.stringify(heard))
      assert.match(heard.detail, /check codes/)
    }
    for (const ports of now.people) assert.deepEqual(await ports.shares.list(), [])
  })

  it('take an invitation back, and who holds the old one is out', async () => {
    const now = await meeting(3)
    const [, , second] = now.people
    assert.ok(second)
    const links: string[] = []
    let stale: Promise<unknown> | undefined
    let used = ''
    const outcomes = await createByInvitation(now, {
      threshold: 2,
      follow(invitations, revoke, follow) {
        const [one, two] = invitations
        assert.ok(one && two)
        links.push(two.link)
        if (links.length === 1) {
          void revoke(two.seat)
          return
        }
        assert.notEqual(links[0], links[1])
        follow(1, one.link)
        stale = previewInvitation(second, links[0] ?? '', app)
        stale.catch(() => undefined)
        used = two.link
        follow(2, two.link)
      },
    })
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    const refused = failureOf((await Promise.allSettled([stale]))[0])
    assert.ok(refused.kind === 'refused' && refused.detail.includes('revoked'), JSON.stringify(refused))
    // The other link was not replaced: it has done its work.
    const again = failureOf((await Promise.allSettled([previewInvitation(second, used, app)]))[0])
    assert.ok(again.kind === 'refused' && again.what === 'invitation-used', JSON.stringify(again))
  })

  it('are told who rejects, and sign with the others', async () => {
    const now = await family(3, 2)
    const [host, first, second] = now.people
    assert.ok(host && first && second)
    const rejected = nextRequest(first).then((request) => rejectRequest(first, request))
    const { outcomes } = await signing(now, [1, 2], [2])
    await rejected
    assert.equal(outcomes[0].status, 'fulfilled')
    const sessions = await now.at.database.query('select distinct session_id from audit where event = $1', ['failed'])
    const ids = sessions.map((row) => String(row['session_id']))
    const lines = (await Promise.all(ids.map((id) => readAudit(now.at.database, id)))).flat()
    assert.ok(
      lines.some(({ event, seat, details }) => event === 'failed' && seat === 2 && details['kind'] === 'refused'),
    )
  })

  it('go on with another signer who has approved when one vanishes in the middle', async () => {
    let isArmed = false
    let sent = 0
    const { promise: isReady, resolve: ready } = Promise.withResolvers<undefined>()
    const vanishing = mortal((method) => {
      if (isArmed && method === 'SendMessage') ready(undefined) // it is in the run that has begun
      return isArmed && method === 'SendMessage' && ++sent === 3
    }, 'after')
    const now = await meeting(3, (number) => (number === 1 ? vanishing.meddle : undefined), 500)
    const created = await createByInvitation(now, { threshold: 2 })
    for (const outcome of created) if (outcome.status === 'rejected') throw outcome.reason
    isArmed = true
    const [, first] = now.people
    assert.ok(first)
    const lost = nextRequest(first).then((request) =>
      answerRequest(first, { request, passphrase: passphrase() }, () => undefined, never),
    )
    lost.catch(() => undefined)
    const { outcomes, wallet } = await signing(now, [1, 2], [2], isReady)
    assert.ok(vanishing.isDead())
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason
      const signature = outcome.value.result as `0x${string}`
      const signer = await recoverMessageAddress({ message: 'pay the milkman', signature })
      assert.equal(signer, ethereumAddress(wallet.publicKey))
    }
    const starts = await now.at.database.query("select details from audit where event = 'started' order by entry")
    const seatsOfRuns = starts.map((row) => (row['details'] as { seats: number[] }).seats)
    assert.deepEqual(seatsOfRuns.slice(-2), [
      [1, 2],
      [1, 3],
    ])
  })

  it('are told so when enough others have signed before them', async () => {
    const now = await family(3, 2)
    const { outcomes } = await signing(now, [1, 2], [1, 2])
    assert.equal(outcomes[0].status, 'fulfilled')
    const late = outcomes.filter(({ status }) => status === 'rejected')
    assert.equal(late.length, 1)
    assert.deepEqual(failureOf(late[0]), {
      kind: 'refused',
      what: 'signed-by-others',
      detail: 'completed without this party',
    })
  })

  it('hear it when nobody is left to sign with', async () => {
    const now = await family(2, 2)
    const [, first] = now.people
    assert.ok(first)
    const rejected = nextRequest(first).then((request) => rejectRequest(first, request))
    const { outcomes } = await signing(now, [1], [])
    await rejected
    const failure = failureOf(outcomes[0])
    assert.ok(failure.kind === 'peer-gave-up' && failure.peer === 2, JSON.stringify(failure))
    assert.match(failure.detail, /declined/)
  })
})
