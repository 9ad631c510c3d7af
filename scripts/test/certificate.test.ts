import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemRandom } from '../../tss-wasm/random.ts'
import { lanCertificate, lanNames } from '../certificate.ts'

const names = ['laptop.local', '10.1.2.3', 'localhost', '127.0.0.1']
const year = 365 * 24 * 3600 * 1000

describe('the certificate for a local network', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quorate-lan-'))
  })
  after(() => rm(folder, { recursive: true }))
  const made = (wanted = names, random = systemRandom) => lanCertificate(folder, wanted, random)

  it('is for every name and address, signed by itself, no authority, valid for less than a year', async () => {
    const { cert, fingerprint } = await made()
    const certificate = new X509Certificate(readFileSync(cert))
    assert.ok(certificate.verify(certificate.publicKey) && certificate.issuer === certificate.subject)
    assert.equal(certificate.ca, false)
    for (const name of ['laptop.local', 'localhost']) assert.equal(certificate.checkHost(name), name)
    for (const address of ['10.1.2.3', '127.0.0.1']) assert.equal(certificate.checkIP(address), address)
    assert.equal(certificate.checkHost('elsewhere.local'), undefined)
    assert.ok(Date.parse(certificate.validTo) - Date.now() < year && Date.parse(certificate.validFrom) < Date.now())
    assert.equal(fingerprint, certificate.fingerprint256)
  })

  it('has a key that only its owner can read', { skip: process.platform === 'win32' && 'no modes here' }, async () => {
    const { key } = await made()
    assert.equal(statSync(key).mode & 0o077, 0)
  })

  it('convinces a client that trusts it, under each of its names, and no other', async () => {
    const { cert, key } = await made()
    const server = createServer(
      { cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.3' },
      (_, response) => {
        response.end()
      },
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const ask = async (servername: string, ca: Buffer | undefined) => {
      const asked = request({
        host: '127.0.0.1',
        port,
        servername,
        agent: false,
        ...(ca !== undefined && { ca }),
      }).end()
      const [response] = (await once(asked, 'response')) as [{ resume(): void; statusCode: number }]
      response.resume()
      return response.statusCode
    }
    const ca = readFileSync(cert)
    assert.equal(await ask('laptop.local', ca), 200)
    await assert.rejects(ask('elsewhere.local', ca), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    await assert.rejects(ask('laptop.local', undefined), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    server.close()
    await once(server, 'close')
  })

  it('is kept as long as it fits, and made anew for a name that it lacks', async () => {
    const { fingerprint } = await made()
    assert.equal((await made(['localhost'])).fingerprint, fingerprint)
    assert.notEqual((await made([...names, '10.9.9.9'])).fingerprint, fingerprint)
  })

  it('can be made with any serial number', async () => {
    for (const byte of [0x00, 0x7f, 0x80, 0xff]) {
      const other = [`${byte}.local`]
      const { cert } = await made(other, (length) => new Uint8Array(length).fill(byte))
      const serial = new X509Certificate(readFileSync(cert)).serialNumber
      assert.match(serial, /^[4-7][0-9A-F]{31}$/)
    }
  })
})

it('the names of this machine are a name and its addresses, none of them of this machine only', () => {
  const [name, ...addresses] = lanNames()
  assert.match(name ?? '', /\./)
  for (const address of addresses) assert.match(address, /^(?!127\.)\d+\.\d+\.\d+\.\d+$/)
})
