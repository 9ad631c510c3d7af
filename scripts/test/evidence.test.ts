import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sha256 } from '@noble/hashes/sha2.js'
import { keepEvidence } from '../../coordinator-stub/party/evidence.ts'
import type { Failure } from '../../tss-wasm/failure.ts'
import { encodeEvidence } from '../../tss-wasm/identity/evidence.ts'
import { fingerprint } from '../../tss-wasm/identity/identity.ts'
import { signed } from '../../tss-wasm/identity/signed.ts'
import { bindingOf, everyone, signedPart } from '../../tss-wasm/identity/signedPart.ts'
import type { PartyId } from '../../tss-wasm/partyId.ts'
import { company, identityOf } from '../../tss-wasm/test/parties.ts'
import { temporaryFolder } from '../../testkit/harness.ts'
import { root } from '../project.ts'

function check(file: string) {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/evidence.ts', file], { cwd: root, encoding: 'utf8' })
  return { status, stdout }
}

test('evidence that a server party keeps names the cheater, once for each deed, and nobody when it is changed', async () => {
  await using folder = await temporaryFolder()
  const { roster, ...friends } = await company(2, 2)
  const two = 2 as PartyId
  const identity = identityOf({ roster, ...friends }, two)
  const statement = async (round: string) => {
    const header = { from: two, to: everyone, sequence: 4, round } as const
    const digest = sha256(new Uint8Array())
    return {
      ...header,
      digest,
      signature: await signed('envelope', signedPart(bindingOf(roster), header, digest), identity),
    }
  }
  const evidence = encodeEvidence(roster, [await statement('sign 3: theta'), await statement('sign 4: nonce point')])
  const caught: Failure = { kind: 'misbehaviour', culprits: [two], check: 'one envelope per sequence number', evidence }
  const name = await keepEvidence(folder.path, caught)
  assert.equal(await keepEvidence(folder.path, caught), name)
  assert.equal(await keepEvidence(folder.path, { kind: 'cancelled' }), undefined)
  assert.deepEqual(readdirSync(join(folder.path, 'evidence')), [name])

  const file = join(folder.path, 'evidence', name ?? '')
  const shown = check(file)
  assert.equal(shown.status, 0)
  assert.match(shown.stdout, /Party 2 cheated: it signed two different messages under the number 4/)
  assert.ok(shown.stdout.includes(fingerprint(identity.public)))

  writeFileSync(file, readFileSync(file, 'utf8').replace('sign 4: nonce point', 'sign 5: nonce point'))
  const forged = check(file)
  assert.equal(forged.status, 1)
  assert.match(forged.stdout, /does not show that anybody cheated: party 2 has not signed statement 2/)
})
