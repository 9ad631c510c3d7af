// npm run sdk:generate: what is generated of the SDKs from sdk/openapi.json (npm run reference writes that). Needs Go and Python;
// sdk.test.ts says when this has to be run.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../project.ts'
import { fingerprintOf, generatedFiles } from './generated.ts'

const document = join(root, 'sdk/openapi.json')
const scratch = mkdtempSync(join(tmpdir(), 'quorate-sdk-'))
const run = (program: string, args: readonly string[], cwd: string, environment = {}) =>
  execFileSync(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...environment } })
const target = (file: string) => join(root, file)

try {
  writeFileSync(join(scratch, 'package.json'), '{}')
  run('npm', ['install', '--no-audit', '--no-fund', 'openapi-typescript@7.13.0', 'typescript@5.9.3'], scratch)
  run(
    join(scratch, 'node_modules/.bin/openapi-typescript'),
    [document, '-o', target(generatedFiles.typescript)],
    scratch,
  )

  run('python3', ['-m', 'venv', 'venv'], scratch)
  run(join(scratch, 'venv/bin/pip'), ['install', '-q', 'datamodel-code-generator==0.89.0'], scratch)
  const models = ['--output-model-type', 'pydantic_v2.BaseModel', '--target-python-version', '3.11', '--use-annotated']
  const style = ['--disable-timestamp', '--enum-field-as-literal', 'all', '--use-type-alias', '--formatters', 'builtin']
  const lenient = ['--extra-fields', 'ignore', '--use-one-literal-as-default']
  const input = ['--input', document, '--input-file-type', 'openapi', '--output', target(generatedFiles.python)]
  run(join(scratch, 'venv/bin/datamodel-codegen'), [...input, ...models, ...style, ...lenient], scratch)

  mkdirSync(join(scratch, 'go'))
  writeFileSync(join(scratch, 'go/go.mod'), 'module generate\n\ngo 1.25\n')
  const tool = 'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen'
  const go = (args: readonly string[]) => {
    run('go', args, join(scratch, 'go'), { GOFLAGS: '-mod=mod' })
  }
  go(['get', `${tool}@v2.8.2`])
  go(['build', '-o', join(scratch, 'oapi-codegen'), tool])
  run(join(scratch, 'oapi-codegen'), ['-config', 'internal/rest/config.yaml', document], join(root, 'sdk/go'))

  for (const [language, file] of Object.entries(generatedFiles)) {
    if (!existsSync(target(file))) throw new Error(`${language}: ${file} was not written`)
    const comment = language === 'python' ? '#' : '//'
    const text = readFileSync(target(file), 'utf8')
    writeFileSync(target(file), `${comment} Of sdk/openapi.json ${fingerprintOf(document)}\n${text}`)
  }
} finally {
  rmSync(scratch, { recursive: true })
}
