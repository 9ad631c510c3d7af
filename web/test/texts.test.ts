import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { suite, test } from 'node:test'
import ts from 'typescript'
import { en } from '../app/texts/en.ts'
import { languageFor } from '../app/texts/languages.ts'
import { zhHans } from '../app/texts/zhHans.ts'
import { zhHant } from '../app/texts/zhHant.ts'

const app = resolve(import.meta.dirname, '../app')
const others = { zhHant, zhHans }

/** Every sentence by its path; `app.name` is one. */
function leaves(value: unknown, path = ''): (readonly [path: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`))
}

suite('the texts', () => {
  for (const [name, texts] of Object.entries(others)) {
    test(`${name}: the same keys as English, each with the same placeholders, none empty`, () => {
      const [english, translated] = [leaves(en), new Map(leaves(texts))]
      assert.deepEqual(
        english.map(([path]) => path).filter((path) => !translated.has(path)),
        [],
      )
      assert.equal(translated.size, english.length)
      for (const [path, value] of english) {
        const other = translated.get(path)
        assert.equal(typeof other, typeof value, path)
        if (typeof value === 'function') assert.equal((other as typeof value).length, value.length, path)
        else assert.notEqual(other, '', path)
      }
    })

    test(`${name}: nothing left in English but names and terms of the trade`, () => {
      const left = globSync(join(app, `texts/${name}/*.ts`)).flatMap((file) =>
        sentencesOf(file).filter((sentence) => wordsOf(sentence).some((word) => !kept.has(word))),
      )
      assert.deepEqual(left, [])
    })
  }

  test('no Traditional character among the Simplified ones, nor the other way round', () => {
    const all = (name: string) =>
      globSync(join(app, `texts/${name}/*.ts`))
        .flatMap(sentencesOf)
        .join('')
    const [traditional, simplified] = [all('zhHant'), all('zhHans')]
    for (const [one, other] of pairs) {
      assert.ok(!simplified.includes(one), `${one} in zhHans`)
      assert.ok(!traditional.includes(other), `${other} in zhHant`)
    }
  })

  test('the recovery sheet says, in every language, how a passphrase was normalized', () => {
    for (const { sheet } of [en, zhHant, zhHans]) assert.match(sheet.steps.join('\n'), /Unicode.*NFC.*age/)
  })

  test('every sentence is used', () => {
    assert.deepEqual(unusedSentences(), [])
  })

  test('the language is that of the browser, Chinese by its script or region', () => {
    const cases: readonly (readonly [string[], string])[] = [
      [['en-GB', 'zh-TW'], 'en'],
      [['zh-TW', 'en'], 'zh-Hant'],
      [['zh-HK'], 'zh-Hant'],
      [['zh-Hant-CN'], 'zh-Hant'],
      [['zh-Hans-HK'], 'zh-Hans'],
      [['zh-CN'], 'zh-Hans'],
      [['zh'], 'zh-Hans'],
      [['de-CH', 'zh-Hant'], 'zh-Hant'],
      [['de', 'fr'], 'en'],
      [[], 'en'],
    ]
    for (const [wanted, language] of cases) assert.equal(languageFor(wanted), language, wanted.join())
  })
})

/** Names, units and standards that Chinese wallets write as they are. */
const kept = new Set(
  'Quorate WebAssembly relaxed SIMD QR SegWit EIP RLP ID Nonce gas Gas gwei NFT wei U join x hex PIN IP PRF ETH BTC bitcoin BIP PSBT RBF UTXO WPKH P base Base witness sighash ALL hardened m JSON types primaryType domain message RPC URL Esplora API api https http localhost xpub r s v zh Hant Hans age encryption org tss lib Go LocalPartySaveData threshold npm run recover OP RETURN permit Permit Safe ERC Seaport CoW Protocol blob uint Windows CRLF UR MB tx ShareID Xi Ks ECDSAPub ECDSA EdDSA Ed Solana UTF PowerShell address Unicode NFC CGGMP GG CSV SLIP'.split(
    ' ',
  ),
)

function wordsOf(sentence: string): string[] {
  return sentence.match(/[A-Za-z]+/g) ?? []
}

/** What stands in quotes or back-ticks in a file, without imports, keys and what is put in. */
function sentencesOf(file: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return
    const isKey = ts.isPropertyAssignment(node.parent) && node.parent.name === node
    if (ts.isStringLiteral(node) && !isKey) found.push(node.text)
    if (ts.isTemplateLiteralToken(node)) found.push(node.text)
    ts.forEachChild(node, visit)
  }
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  ts.forEachChild(source, visit)
  return found
}

/** Common characters that differ: Traditional, Simplified. */
const pairs = [
  ...'個个這这錢钱對对電电們们來来時时為为說说會会沒没過过還还進进開开關关後后動动機机與与請请從从將将應应無无該该數数據据當当網网頁页檔档號号碼码'.matchAll(
    /(.)(.)/gu,
  ),
].map(([, one = '', other = '']) => [one, other] as const)

/** Keys of English that no screen refers to, by the type checker; an index that is not literal uses all it can reach. */
function unusedSentences(): string[] {
  const files = globSync(`${app}/**/*.{ts,tsx}`)
  const program = ts.createProgram(files, {
    jsx: ts.JsxEmit.ReactJSX,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ESNext,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    noEmit: true,
    strict: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  const texts = join(app, 'texts')
  const used = new Set<ts.Node>()
  const markUsed = (symbol: ts.Symbol | undefined) => {
    for (const declaration of symbol?.declarations ?? []) used.add(declaration)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) markUsed(checker.getSymbolAtLocation(node.name))
    if (ts.isElementAccessExpression(node)) {
      const object = checker.getTypeAtLocation(node.expression)
      const index = checker.getTypeAtLocation(node.argumentExpression)
      const names = index.isUnion() ? index.types : [index]
      if (names.every((name) => name.isStringLiteral()))
        names.forEach((name) => {
          markUsed(object.getProperty(name.value))
        })
      else checker.getPropertiesOfType(object).forEach(markUsed)
    }
    if (ts.isObjectBindingPattern(node)) {
      const type = checker.getTypeAtLocation(node)
      for (const { propertyName, name } of node.elements) markUsed(type.getProperty((propertyName ?? name).getText()))
    }
    ts.forEachChild(node, visit)
  }
  for (const file of files) {
    const source = program.getSourceFile(file)
    // The sentences themselves use nothing; what shows them (useTexts, duration) does.
    const isSentences = /^\/(en|zhHans|zhHant)(\/|\.ts$)/.test(file.slice(texts.length))
    if (source !== undefined && !(file.startsWith(texts) && isSentences)) visit(source)
  }
  // What failureTexts.ts hands on whole is a cause: title, what, now.
  const isPartOfCause = (path: string) =>
    /^failures\.(refusals\.\w+|disconnected|cancelled|crashed|unloaded)\.\w+$/.test(path)
  const unused: string[] = []
  const walk = (type: ts.Type, path: string): void => {
    for (const property of checker.getPropertiesOfType(type)) {
      const [declaration] = property.declarations ?? []
      if (!declaration?.getSourceFile().fileName.startsWith(`${texts}/`)) continue
      const inner = `${path}${property.name}`
      if (!used.has(declaration) && !isPartOfCause(inner)) unused.push(inner)
      else walk(checker.getTypeOfSymbol(property), `${inner}.`)
    }
  }
  const source = program.getSourceFile(join(texts, 'en.ts'))
  const symbol = source && checker.getSymbolAtLocation(source)
  const english = symbol && checker.getExportsOfModule(symbol).find(({ name }) => name === 'en')
  assert.ok(english !== undefined)
  walk(checker.getTypeOfSymbol(english), '')
  return unused
}
