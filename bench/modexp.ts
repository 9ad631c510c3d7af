// Modular exponentiation, ours beside others, in Node and in Chromium: npm run bench -- modexp [--json] [--quick] [--runs=9]
import { createDiffieHellman } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bytesToInteger, integerToBytes } from '../tss-wasm/integers/bytes.ts'
import { loadKernel } from '../tss-wasm/integers/load.node.ts'
import { runInChromium } from './chromium.ts'
import { type Contender, type Measured, measureModexp } from './modexpRuns.ts'
import { printRows, type Row, row } from './rows.ts'

/** Native code: a Diffie-Hellman secret is one exponentiation modulo whatever odd number the group is given. */
const byOpenSsl: Contender = ({ modulus, bases, exponent }) => {
  const group = createDiffieHellman(integerToBytes(modulus), Uint8Array.of(2))
  group.setPrivateKey(integerToBytes(exponent))
  return bases.map((base) => bytesToInteger(group.computeSecret(integerToBytes(base))))
}

function rowsOf(runtime: string, measured: readonly Measured[]): Row[] {
  const ours = measured.filter(({ contender }) => /relaxed-simd|portable/.test(contender))
  const peers = measured.filter((one) => !ours.includes(one))
  return ours.flatMap(({ size, contender, runs }) =>
    peers
      .filter((peer) => peer.size === size)
      .map((peer) => {
        const name = contender === 'relaxed-simd' ? `modexp ${size}` : `modexp ${size} ${contender.split(' ').at(-1)}`
        return row(name, runtime, runs, peer.contender, peer.runs)
      }),
  )
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean', default: false },
    runs: { type: 'string', default: '9' },
  },
})
const runs = values.quick ? 3 : Number(values.runs)
const inNode = await measureModexp(runs, loadKernel, { OpenSSL: byOpenSsl })
const workFolder = mkdtempSync(join(tmpdir(), 'quorate-bench-'))
try {
  const entry = join(import.meta.dirname, 'modexpWorker.ts')
  const inChromium = await runInChromium<Measured[]>(entry, runs, workFolder)
  // OpenSSL has no browser to run in; its time from Node stands beside Chromium's too.
  const native = inNode.filter(({ contender }) => contender === 'OpenSSL')
  const rows = [...rowsOf('Node', inNode), ...rowsOf('Chromium', [...inChromium, ...native])]
  printRows(rows, values.json === true)
} finally {
  rmSync(workFolder, { recursive: true, force: true })
}
