// npm run model: what a symbolic verifier says of the hand-shake, query by query, against what each model expects
// (model/README.md). Fails where they differ, and where there is no verifier.
import { findVerifpal, readModels, verdicts } from './verifpal.ts'

const found = findVerifpal()
if ('missing' in found) {
  process.stderr.write(`*** THE MODELS WERE NOT CHECKED: ${found.missing} ***\n`)
  process.exit(1)
}
let differ = 0
for (const { name, path, expected, sessions, queries } of readModels()) {
  const verdict = await verdicts(found.program, path, sessions)
  for (const [at, question] of queries.entries()) {
    const [is, should] = [verdict, expected].map((code) => code[2 * at + 1] === '0')
    const said = is === true ? 'holds' : 'ATTACK'
    const surprise = is === should ? '' : '   <- NOT AS EXPECTED'
    if (is !== should) differ += 1
    process.stdout.write(`${`${name}.${at + 1}`.padEnd(20)} ${said.padEnd(7)} ${question}${surprise}\n`)
  }
}
process.exit(differ === 0 ? 0 : 1)
