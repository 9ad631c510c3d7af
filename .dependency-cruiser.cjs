/** Dependencies point one way (docs: style-models 11a). Every arrow not listed is an error with its reason. */
const rooms = [
  ['integers', []],
  ['curve', ['integers']],
  ['crypto', ['integers', 'curve']],
  ['proofs', ['integers', 'curve', 'crypto']],
  ['round', []],
  ['keyShare', ['integers', 'curve', 'crypto']],
  ['content', ['curve']],
  ['identity', ['round', 'content']],
  ['protocols', ['integers', 'curve', 'crypto', 'proofs', 'round', 'keyShare']],
]
const base = 'random|failure|secret|bytes|zod|trustedWorker\\.web'
const engineRules = rooms.map(([room, allowed]) => ({
  name: `tss-wasm/${room} looks down only`,
  comment: `assembly < integers < curve < crypto < proofs < protocols < worker: ${room} may use ${allowed.join(', ') || 'nothing but the base files'}.`,
  severity: 'error',
  from: { path: `^tss-wasm/${room}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^(tss-wasm|proto|web|coordinator-stub|electron)/', pathNot: `^tss-wasm/(${[room, ...allowed].join('|')})/|^tss-wasm/(${base})\\.ts$|^tss-wasm/build/` },
}))

module.exports = {
  forbidden: [
    ...engineRules,
    {
      name: 'the engine knows no host',
      comment: 'tss-wasm runs in browsers, desktop and servers alike: network, storage and screens come in as parameters.',
      severity: 'error',
      from: { path: '^tss-wasm/' },
      to: { path: '^(web|coordinator-stub|electron|proto)/' },
    },
    {
      name: 'the coordinator does not know the app',
      comment: 'coordinator-stub may use proto and, for server parties, tss-wasm; never web or electron.',
      severity: 'error',
      from: { path: '^coordinator-stub/' },
      to: { path: '^(web|electron)/' },
    },
    {
      name: 'the app does not know the server',
      comment: 'The page talks to the coordinator over the wire only.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(coordinator-stub|electron)/' },
    },
    {
      name: 'the client of the wire is for everybody',
      comment: 'proto/client is used by web, electron and server parties; it may use the engine\'s round, identity and failure types only.',
      severity: 'error',
      from: { path: '^proto/' },
      to: { path: '^(web|coordinator-stub|electron)/|^tss-wasm/(assembly|integers|crypto|proofs|protocols|worker)/' },
    },
    {
      name: 'electron knows only the platform types of web',
      comment: 'The desktop shell implements web/platform; it does not reach into screens or jobs.',
      severity: 'error',
      from: { path: '^electron/', pathNot: '/test/' },
      to: { path: '^web/', pathNot: '^web/platform/' },
    },
    {
      name: 'electron shares durable files with the server, and nothing else',
      comment: 'dataFolder.ts (lock, write beside, flush, rename) serves both; the headless party starts the server party, which it is.',
      severity: 'error',
      from: { path: '^electron/', pathNot: '/test/' },
      to: { path: '^coordinator-stub/', pathNot: '^coordinator-stub/(dataFolder|serverPartyMain)\\.ts$' },
    },
    {
      name: 'screens hold no protocol, storage or network',
      comment: 'web/app shows state and calls jobs.',
      severity: 'error',
      from: { path: '^web/app/' },
      to: { path: '^(tss-wasm/(integers|crypto|proofs|protocols|round|keyShare|worker)|proto)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'jobs have no screens',
      severity: 'error',
      comment: 'A job is what the app does, in order, without UI.',
      from: { path: '^web/(jobs|platform)/' },
      to: { path: '^web/(app|state)/|^node_modules/react' },
    },
    { name: 'no cycles', comment: 'A cycle of modules that load each other: take the shared part out. Types may look both ways.', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'tests are nobody\'s dependency', comment: 'Product code does not import test code.', severity: 'error', from: { pathNot: '(/test/|\\.test\\.ts$|^bench/|^e2e/|^scripts/|^(fuzz|soak)/)' }, to: { path: '(/test/|\\.test\\.ts$|^e2e/|^bench/|^(fuzz|soak)/)' } },
    { name: 'everything resolves', comment: 'An import that does not resolve.', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|release|tss-wasm/(assembly|build))/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default', 'types'] },
  },
}
