import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { p2pkh, p2wpkh, Transaction as BitcoinTransaction } from '@scure/btc-signer'
import { verifyMessage } from 'ethers'
import { openPartyFolder } from '../coordinator-stub/party/folder.ts'
import { startParty } from '../coordinator-stub/party/start.ts'
import { writeDurably } from '../files/dataFolder.ts'
import { newRequest } from '../participant/requests/newRequest.ts'
import { createRequests } from '../participant/requests/requestBox.ts'
import { encodeServerParties, type PinnedParty } from '../participant/session/serverParties.ts'
import { commands } from '../scripts/cli/commands.ts'
import { root } from '../scripts/project.ts'
import { temporaryFolder } from '../testkit/harness.ts'
import { createWallet, fixturePreParameters, person } from '../testkit/person.ts'
import { runningCoordinator } from '../testkit/running.ts'
import { bitcoinAddress } from '../tss-wasm/content/bitcoin.ts'
import { fingerprintOf, withChecksum } from '../tss-wasm/content/descriptor.ts'
import { extendedPublicKey } from '../tss-wasm/content/extendedKey.ts'
import { keyAt } from '../tss-wasm/content/keys.ts'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { stateOf } from '../tss-wasm/requests/state.ts'

const run = promisify(execFile)
const program = join(root, 'scripts/cli.ts')
/** As scripts/setup.mjs has it: a program that was compiled before starts in half the time. */
const compiled = join(root, 'node_modules/.quorate/compiled')

/** The real program, as npm starts it. */
async function quorate(
  args: readonly string[],
  { cwd = root, env = {}, preload = [] as readonly string[], input = '' } = {},
) {
  const options = {
    cwd,
    env: { ...process.env, INIT_CWD: cwd, NODE_COMPILE_CACHE: compiled, ...env },
    maxBuffer: 16 * 1024 * 1024,
  }
  try {
    const running = run(process.execPath, [...preload, program, ...args], options)
    running.child.stdin?.end(input)
    const { stdout, stderr } = await running
    return { status: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { status: code, stdout, stderr }
  }
}

/** A person who is away, server-1 whose operator types, and server-2, whose policy says yes. */
describe('the command line of a party', () => {
  const resources = new AsyncDisposableStack()
  const policy = {
    version: 1,
    messages: true,
    mostSignaturesPerHour: 9,
    chains: 'any',
    bitcoin: 'any',
    operatorApproves: true,
  }
  let place: string
  let folder: string
  let grpcUrl: string
  let wallet: { readonly publicKey: Uint8Array }
  /** Puts a request of the person where the others find it. @returns its id */
  let ask: (text: string) => Promise<string>
  /** Resolves once the person reads it so. */
  let isAt: (id: string, stage: string) => Promise<void>

  const json = async (...args: string[]) => {
    const { status, stdout, stderr } = await quorate([...args, '--json', '--data', folder])
    assert.equal(status, 0, stdout + stderr)
    return JSON.parse(stdout) as Record<string, never>
  }
  const refused = async (status: number, says: RegExp, ...args: string[]) => {
    const answer = await quorate([...args, '--data', folder])
    assert.deepEqual([answer.status, answer.stdout], [status, ''], answer.stderr)
    assert.match(answer.stderr, says)
    assert.equal(answer.stderr.trim().split('\n').length, 1, answer.stderr)
  }

  before(async () => {
    place = resources.use(await temporaryFolder()).path
    const pinned: PinnedParty[] = []
    for (const [at, name] of ['server-1', 'server-2'].entries()) {
      await using opened = await openPartyFolder(join(place, name), undefined, systemRandom)
      pinned.push({ name, identity: opened.identity.public })
      await opened.addPrepared(await fixturePreParameters(at + 1, opened.masterKey))
    }
    const partiesFile = join(place, 'parties.json')
    await writeDurably(partiesFile, utf8ToBytes(encodeServerParties(pinned)))
    await writeFile(join(place, 'server-1', 'policy.json'), JSON.stringify(policy))
    const coordinator = resources.use(await runningCoordinator({ dataFolder: join(place, 'coordinator'), partiesFile }))
    grpcUrl = coordinator.grpcUrl
    const open = Promise.withResolvers<string>()
    for (const name of ['server-1', 'server-2']) {
      const settings = {
        ...{ name, coordinator: grpcUrl, dataFolder: join(place, name), masterKey: undefined },
        ...{ deadlineMs: 120_000, prepare: 0, policyFile: undefined, tls: {}, takesCommands: name === 'server-1' },
      }
      const hear = (event: string) => {
        if (event === 'commands') open.resolve(name)
      }
      resources.use(await startParty(settings, hear))
    }
    folder = join(place, await open.promise)
    const away = await person(createGrpcTransport({ baseUrl: grpcUrl }))
    wallet = await createWallet(away, pinned)
    const me = 1 as PartyId
    const others = pinned.map(({ identity }, at) => ({ seat: (at + 2) as PartyId, identity }))
    const membership = {
      ...{ publicKey: wallet.publicKey, epoch: 0, threshold: 2 },
      members: [{ seat: me, identity: away.identity.public }, ...others],
    }
    const requests = createRequests(away.transport, { random: systemRandom, now: Date.now })
    const box = await requests.open({ membership, me, identity: away.identity })
    ask = async (text) => {
      const content = { type: 'ethereum-message', message: utf8ToBytes(text) } as const
      const { publicKey } = wallet
      const wanted = { publicKey, content, from: me, epoch: 0, note: `please: ${text}`, lifeMs: 3600_000 }
      const request = newRequest(wanted, Date.now(), systemRandom)
      await box.ask(request)
      return Buffer.from(request.id).toString('hex')
    }
    isAt = async (id, stage) => {
      const over = new AbortController()
      try {
        for await (const { requests: heads } of requests.watch([membership], over.signal)) {
          const head = heads.find(({ requestId }) => Buffer.from(requestId).toString('hex') === id)
          if (head !== undefined && stateOf(await box.read(head.requestId), membership, Date.now()).stage === stage)
            return
        }
      } finally {
        over.abort(new Error('seen'))
      }
    }
    // The wallet is there for its maker before the last confirmation has reached the party.
    for (let state: unknown; state !== 'active';) {
      const { wallets } = (await json('wallets')) as unknown as { wallets: readonly { state: string }[] }
      state = wallets[0]?.state
    }
  })
  after(() => resources.disposeAsync())

  it('lists the wallets of its folder', async () => {
    const { wallets, damaged } = (await json('wallets')) as unknown as {
      wallets: readonly Record<string, unknown>[]
      damaged: readonly string[]
    }
    const [{ name, address, bitcoin, threshold, members, seat } = {}] = wallets
    assert.deepEqual(
      { name, address, bitcoin, threshold, members, seat },
      {
        ...{ name: 'Ours', address: ethereumAddress(wallet.publicKey), bitcoin: bitcoinAddress(wallet.publicKey) },
        ...{ threshold: 2, members: 3, seat: 2 },
      },
    )
    assert.deepEqual([wallets.length, damaged.length], [1, 0])
    const { stdout } = await quorate(['wallets', '--data', folder])
    assert.match(stdout, new RegExp(`^[0-9a-f]{32}  ${ethereumAddress(wallet.publicKey)}  2 of 3 .* Ours\n$`))
  })

  it('has a file signed by the members, and keeps what was signed', async () => {
    const text = 'ten pints of milk'
    await writeFile(join(place, 'note.txt'), text)
    const signed = await quorate(
      ['sign', 'note.txt', '--as', 'message', '--note', 'breakfast', '--out', 'signature', '--data', folder],
      { cwd: place },
    )
    assert.equal(signed.status, 0, signed.stderr)
    const signature = (await readFile(join(place, 'signature'), 'utf8')).trim()
    assert.equal(verifyMessage(text, signature), ethereumAddress(wallet.publicKey))
    if (process.platform !== 'win32') assert.equal((await stat(join(place, 'signature'))).mode & 0o777, 0o600)
    const { entries } = (await json('history', 'export')) as unknown as {
      entries: readonly { result: string; summary: string; signers: readonly number[]; request: { note: string } }[]
    }
    assert.deepEqual(
      entries.map(({ result, signers, request }) => [result, signers, request.note]),
      [[signature, [2, 3], 'breakfast']],
    )
    assert.match(entries[0]?.summary ?? '', /ten pints of milk/)
    await refused(1, /EEXIST/, 'history', 'export', '--out', join(place, 'signature'))
  })

  it('is the signer of programs that speak the Hardware Wallet Interface', async () => {
    const { publicKey } = wallet
    const fingerprint = fingerprintOf(publicKey)
    const hwi = async (...args: string[]) => JSON.parse((await quorate(['--data', folder, ...args])).stdout) as unknown
    const [{ path, ...listed } = {}] = (await hwi('enumerate')) as readonly Record<string, unknown>[]
    assert.match(String(path), /^[0-9a-f]{32}$/)
    const needs = { needs_pin_sent: false, needs_passphrase_sent: false }
    assert.deepEqual(listed, { type: 'quorate', model: 'quorate', label: 'Ours', fingerprint, ...needs })
    const own = ['--fingerprint', fingerprint, '--chain', 'main']
    const xpub = { xpub: extendedPublicKey(publicKey) }
    assert.deepEqual(await hwi('-f', fingerprint, 'getmasterxpub'), xpub)
    assert.deepEqual(await hwi('-f', fingerprint, 'getxpub', 'm/84h/0h/0h'), xpub)
    const { receive, internal } = (await hwi(...own, 'getdescriptors', '--account', '0')) as Record<string, string[]>
    const branch = (number: number) => withChecksum(`wpkh([${fingerprint}]${xpub.xpub}/${number}/*)`)
    assert.deepEqual([receive, internal], [[branch(0)], [branch(1)]])

    const key = keyAt(publicKey, [0, 5]).publicKey
    const desc = withChecksum(`wpkh([${fingerprint}/0/5]${bytesToHex(key)})`)
    const address = { address: bitcoinAddress(key) }
    assert.deepEqual(await hwi(...own, 'displayaddress', '--desc', desc), address)
    assert.deepEqual(await hwi(...own, 'displayaddress', '--path', 'm/84h/0h/0h/0/5'), address)
    const wrong = (...args: string[]) => hwi(...args).then((answer) => (answer as { code: number }).code)
    assert.equal(await wrong(...own, 'displayaddress', '--desc', desc.replace('/0/5', '/0/6').slice(0, -9)), -7)
    assert.equal(await wrong('-f', '00000000', 'getmasterxpub'), -3)
    assert.equal(await wrong(...own, 'signtx', 'cHNidP8='), -5)

    const { script } = p2wpkh(key)
    const payment = new BitcoinTransaction()
    const derivation = [[key, { fingerprint: Number.parseInt(fingerprint, 16), path: [0, 5] }]] as const
    payment.addInput({
      ...{ txid: 'ab'.repeat(32), index: 0, witnessUtxo: { script, amount: 100_000n } },
      bip32Derivation: derivation.map(([of, by]) => [of, { ...by, path: [...by.path] }]),
    })
    payment.addOutputAddress(bitcoinAddress(publicKey), 99_000n)
    const psbt = Buffer.from(payment.toPSBT()).toString('base64')
    // As Bitcoin Core calls it: a PSBT can be longer than an argument may be.
    const { stdout } = await quorate(['--data', folder, '--stdin', ...own], { input: `signtx ${psbt}\n` })
    const signed = JSON.parse(stdout) as { psbt: string; signed: boolean }
    assert.equal(signed.signed, true)
    const final = BitcoinTransaction.fromPSBT(Buffer.from(signed.psbt, 'base64'))
    const [der = new Uint8Array(), by] = final.getInput(0).finalScriptWitness ?? []
    assert.deepEqual(by, key)
    const digest = payment.preimageWitnessV0(0, p2pkh(key).script, 1, 100_000n)
    const options = { prehash: false, format: 'der' } as const
    assert.ok(secp256k1.verify(der.subarray(0, -1), digest, key, options))
  })

  it('leaves a request to its operator, and signs it once the operator approves', async () => {
    const id = await ask('a loaf of bread')
    // The person and server-2 are as many as sign; the person is away.
    await isAt(id, 'ready')
    const { requests: live } = (await json('requests')) as unknown as { requests: readonly Record<string, unknown>[] }
    const told = live.find((request) => request['id'] === id)
    assert.deepEqual(
      [told?.['stage'], told?.['answer'], told?.['waits'], told?.['note']],
      ['ready', 'none', 'not before its operator has approved the request', 'please: a loaf of bread'],
    )
    const approved = await json('approve', id.slice(0, 10))
    assert.equal(approved['answer'], 'approved')
    await isAt(id, 'signed')
    const { requests } = (await json('requests', '--all')) as unknown as {
      requests: readonly { id: string; stage: string; result?: string }[]
    }
    const ended = requests.find((request) => request.id === id)
    assert.equal(ended?.stage, 'signed')
    assert.equal(verifyMessage('a loaf of bread', ended.result ?? ''), ethereumAddress(wallet.publicKey))
    await refused(1, /the request is signed/, 'approve', id)
  })

  it('says no with a reason that the members read', async () => {
    const id = await ask('a yacht')
    const rejected = await json('reject', id, '--reason', 'we have one')
    const mine = (rejected['members'] as unknown as readonly Record<string, unknown>[]).find(({ seat }) => seat === 2)
    assert.deepEqual(mine, { seat: 2, answer: 'rejected', by: 'person', reason: 'we have one' })
    await refused(1, /has rejected the request/, 'approve', id)
  })

  it('does nothing for a call that is not right, and says why in a line', async () => {
    await refused(2, /there is no command "aprove ab"/, 'aprove', 'ab')
    await refused(2, /Unknown option '--fast'/, 'wallets', '--fast')
    await refused(2, /"wallets" has no option --note/, 'wallets', '--note', 'x')
    await refused(2, /it is called as: quorate approve REQUEST/, 'approve')
    await refused(1, /nobody asks for "ffff"/, 'approve', 'ffff')
    await refused(2, /no wallet "nobody’s" signs here/, 'sign', program, '--wallet', 'nobody’s')
    await refused(2, /what this file is has to be said/, 'sign', program)
    await writeFile(join(place, 'half.json'), '{"to":"0x000000000000000000000000000000000000dEaD","value":"1"}')
    await refused(1, /the transaction says too little/, 'sign', join(place, 'half.json'))
  })

  it('is turned away without the key of the folder, and by a folder where no party runs', async () => {
    const path = join(folder, 'commands.json')
    const door = await readFile(path, 'utf8')
    if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600)
    const { url } = JSON.parse(door) as { url: string }
    await writeFile(path, JSON.stringify({ url, key: '0'.repeat(64) }))
    await refused(1, /needs the key/, 'requests')
    await writeFile(path, door)
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'quorate_requests', params: [] })
    const { key } = JSON.parse(door) as { key: string }
    for (const stranger of [{ Origin: 'http://127.0.0.1:1' }, {}] as const) {
      const headers = { 'Content-Type': 'application/json', ...stranger }
      const bearer = 'Origin' in stranger ? { Authorization: `Bearer ${key}` } : {}
      const answer = await fetch(url, { method: 'POST', headers: { ...headers, ...bearer }, body })
      assert.equal(answer.status, 403)
    }
    const idle = await quorate(['requests', '--data', join(place, 'server-2'), '--json'])
    assert.equal(idle.status, 1)
    assert.match((JSON.parse(idle.stdout) as { error: string }).error, /no party runs on .*server-2/)
  })

  it('examines party, storage, coordinator, clock, proxy and versions', async () => {
    interface Report {
      readonly healthy: boolean
      readonly findings: readonly { check: string; found: string; says: string }[]
    }
    const { healthy, findings } = (await json('doctor')) as unknown as Report
    assert.equal(healthy, true, JSON.stringify(findings))
    assert.deepEqual(
      new Set(findings.map(({ check }) => check)),
      new Set(['party', 'storage', 'coordinator', 'clock', 'proxy', 'versions']),
    )
    // An hour ahead, with a proxy that parties do not take, on a folder that others look into.
    await writeFile(join(place, 'ahead'), '3600000')
    if (process.platform !== 'win32') await chmod(folder, 0o755)
    const ill = await quorate(['doctor', '--json', '--data', folder], {
      env: { MOVED_CLOCK: join(place, 'ahead'), HTTPS_PROXY: 'http://user:secret@127.0.0.1:1' },
      preload: ['--import', new URL('../testkit/movedClock.ts', import.meta.url).href],
    })
    await chmod(folder, 0o700)
    const report = JSON.parse(ill.stdout) as Report
    assert.deepEqual([ill.status, report.healthy], [1, false])
    const wrong = report.findings.filter(({ found }) => found === 'wrong').map(({ check, says }) => `${check}: ${says}`)
    assert.match(wrong.join('\n'), /clock: this clock is 3[56]\d\d s ahead of the coordinator’s/)
    if (process.platform !== 'win32') assert.match(wrong.join('\n'), /storage: others on this machine can look into/)
    assert.match(ill.stdout, /HTTPS_PROXY is set, and parties do not take it/)
    assert.doesNotMatch(ill.stdout, /secret/)
    const alone = await quorate(['doctor', '--json', '--data', folder, '--coordinator', 'http://127.0.0.1:1'])
    assert.match(alone.stdout, /"coordinator","found":"wrong","says":"http:\/\/127.0.0.1:1 cannot be reached/)
  })
})

describe('the commands’ table', () => {
  it('is the help of all, and of each', async () => {
    const all = await quorate(['--help'])
    assert.equal(all.status, 0)
    for (const { name, says } of commands) {
      assert.ok(all.stdout.includes(says), name)
    }
    assert.match((await quorate(['history', 'export', '--help'])).stdout, /quorate history export\n[^]*--out FILE/)
    assert.deepEqual([(await quorate([])).status, (await quorate([])).stdout], [2, all.stdout])
  })

  it('explains a policy', async () => {
    await using folder = await temporaryFolder()
    const text = JSON.stringify({
      version: 1,
      messages: false,
      mostSignaturesPerHour: 1,
      chains: [],
      operatorApproves: true,
    })
    await writeFile(join(folder.path, 'policy.json'), text)
    const checked = await quorate(['policy', 'check', 'policy.json', '--message', 'hi', '--json'], { cwd: folder.path })
    const { rules, verdict } = JSON.parse(checked.stdout) as { rules: readonly string[]; verdict: object }
    assert.equal(checked.status, 1)
    assert.ok(rules.includes('It signs only requests that its operator has approved.'))
    assert.deepEqual(verdict, { type: 'refuses', rule: 'signing messages is not allowed' })
    await writeFile(join(folder.path, 'policy.json'), '{}')
    const wrong = await quorate(['policy', 'check', 'policy.json'], { cwd: folder.path })
    assert.deepEqual([wrong.status, wrong.stdout], [1, ''])
    assert.match(wrong.stderr, /^quorate: the policy file: /)
  })

  for (const [shell, completes] of Object.entries({
    bash: (script: string, words: readonly string[]) => {
      const array = words.map((word) => `'${word}'`).join(' ')
      return `${script}\nCOMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}; _quorate; printf '%s\\n' "\${COMPREPLY[@]}"`
    },
    zsh: (script: string, words: readonly string[]) => {
      const array = words.map((word) => `'${word}'`).join(' ')
      const stand = `compdef() { :; }; _files() { :; }; compadd() { shift; print -l -- "$@"; }`
      return `${stand}\n${script}\nwords=(${array}); CURRENT=${words.length}; _quorate`
    },
    fish: (script: string, words: readonly string[]) => `${script}\ncomplete -C '${words.join(' ')}'`,
  })) {
    it(`completes commands and options in ${shell}`, async (t) => {
      const script = (await quorate(['completion', shell])).stdout
      const complete = async (...words: string[]) => {
        const { stdout } = await run(shell, ['-c', completes(script, ['quorate', ...words])])
        return stdout.split('\n').map((line) => line.split('\t')[0] ?? '')
      }
      try {
        await run(shell, ['-c', 'true'])
      } catch {
        t.skip(`*** ${shell} is not installed: its completion was not run ***`)
        return
      }
      const first = await complete('')
      for (const word of ['wallets', 'requests', 'approve', 'history', 'doctor']) assert.ok(first.includes(word), word)
      assert.ok((await complete('history', '')).includes('export'))
      assert.ok((await complete('--data', 'x', 'history', '')).includes('export'))
      assert.ok((await complete('doctor', '--')).includes('--coordinator'))
      assert.ok((await complete('sign', 'file', '--as', '')).includes('typed-data'))
    })
  }
})
