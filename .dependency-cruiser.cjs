/** Dependencies point one way. Every arrow not listed is an error with its reason. */
const rooms = [
  ['integers', []],
  ['curve', ['integers']],
  ['crypto', ['integers', 'curve']],
  ['groups', ['integers']],
  ['proofs', ['integers', 'curve', 'crypto']],
  ['round', []],
  ['keyShare', ['integers', 'curve', 'crypto']],
  ['epoch', ['integers', 'curve', 'crypto']],
  ['content', ['curve']],
  ['identity', ['round', 'content']],
  ['requests', ['content', 'identity', 'round']],
  ['policy', ['requests', 'content', 'identity', 'round']],
  ['protocols', ['integers', 'curve', 'crypto', 'groups', 'proofs', 'round', 'keyShare']],
  ['schemes', ['integers', 'curve', 'content', 'groups', 'protocols', 'round', 'keyShare']],
]
const base = 'random|failure|checks|partyId|secret|bytes|isRecord|zod|trustedWorker\\.web|disposal\\.web'
const engineRules = rooms.map(([room, allowed]) => ({
  name: `tss-wasm/${room} looks down only`,
  comment: `assembly < integers < curve < crypto < proofs < protocols < worker: ${room} may use ${allowed.join(', ') || 'nothing but the base files'}.`,
  severity: 'error',
  from: { path: `^tss-wasm/${room}/`, pathNot: '\\.test\\.ts$' },
  to: {
    path: '^(tss-wasm|proto|participant|web|coordinator-stub|electron|chain)/',
    pathNot: `^tss-wasm/(${[room, ...allowed].join('|')})/|^tss-wasm/(${base})\\.ts$|^tss-wasm/build/`,
  },
}))

/** Rooms of participant, likewise; the two files above them put them together. */
const participantRooms = [
  ['connection', []],
  ['session', ['connection']],
  ['share', ['session', 'connection']],
  ['reshare', ['session', 'connection']],
  ['sign', ['session', 'connection']],
  ['requests', ['sign', 'session', 'connection']],
]
const participantRules = participantRooms.map(([room, allowed]) => ({
  name: `participant/${room} looks down only`,
  comment: `connection <- session <- share, sign: ${room} may use ${allowed.join(', ') || 'no other room'}.`,
  severity: 'error',
  from: { path: `^participant/${room}/` },
  to: { path: '^participant/', pathNot: `^participant/(${[room, ...allowed].join('|')})/` },
}))

/** Rooms of coordinator-stub, each with those that it may look into. Two programs: `coordinator` and `party`. */
const serverRooms = [
  ['process', []],
  ['limits', ['process']],
  ['http', ['process']],
  ['signals', ['process']],
  ['storage', ['signals', 'process']],
  ['sessions', ['storage', 'signals', 'process']],
  ['messages', ['sessions', 'storage', 'signals', 'process']],
  ['requests', ['storage', 'signals', 'process']],
  ['rpc', ['requests', 'messages', 'sessions', 'signals', 'limits', 'process']],
  ['orders', ['sessions', 'storage', 'process']],
  ['userShares', ['orders', 'process']],
  ['rest', ['userShares', 'orders', 'rpc', 'sessions', 'storage', 'signals', 'limits', 'process']],
  ['observe', ['messages', 'sessions', 'storage', 'limits', 'process']],
  ['signer', ['process']],
  ['party', ['signer', 'limits', 'process']],
  [
    'coordinator',
    [
      'rest',
      'userShares',
      'orders',
      'observe',
      'rpc',
      'requests',
      'messages',
      'sessions',
      'storage',
      'signals',
      'http',
      'limits',
      'process',
    ],
  ],
]
const serverRules = serverRooms.map(([room, allowed]) => ({
  name: `coordinator-stub/${room} looks down only`,
  comment: `process <- limits, http <- signals <- storage <- sessions <- messages <- rpc; orders <- userShares <- rest <- coordinator; party stands beside: ${room} may use ${allowed.join(', ') || 'no other room'}.`,
  severity: 'error',
  from: { path: `^coordinator-stub/${room}/` },
  to: { path: '^coordinator-stub/', pathNot: `^coordinator-stub/(${[room, ...allowed].join('|')})/` },
}))

/** Rooms of web/app, likewise; route.ts belongs to all. */
const screenRooms = [
  ['texts', []],
  ['design', ['texts']],
  ['commands', ['texts']],
  ['ceremony', ['commands', 'design', 'texts']],
  ['passphrase', ['ceremony', 'commands', 'design', 'texts']],
  ['settings', ['passphrase', 'ceremony', 'commands', 'design', 'texts']],
  ['sign', ['passphrase', 'ceremony', 'commands', 'design', 'texts']],
  ['send', ['sign', 'passphrase', 'ceremony', 'commands', 'design', 'texts']],
  ['requests', ['reshare', 'sign', 'passphrase', 'ceremony', 'commands', 'design', 'texts']],
  ['backup', ['settings', 'passphrase', 'ceremony', 'commands', 'design', 'texts']],
  ['wallet', ['backup', 'sign', 'settings', 'passphrase', 'ceremony', 'commands', 'design', 'texts']],
  ['create', ['wallet', 'settings', 'passphrase', 'ceremony', 'commands', 'design', 'texts']],
  ['reshare', ['create', 'wallet', 'settings', 'passphrase', 'ceremony', 'commands', 'design', 'texts']],
  ['join', ['settings', 'passphrase', 'ceremony', 'commands', 'design', 'texts']],
]
const screenRules = screenRooms.map(([room, allowed]) => ({
  name: `web/app/${room} looks down only`,
  comment: `The shell knows all screens and no screen knows the shell: ${room} may use ${allowed.join(', ') || 'no other room'}.`,
  severity: 'error',
  from: { path: `^web/app/${room}/` },
  to: { path: '^web/app/', pathNot: `^web/app/(${[room, ...allowed].join('|')})/|^web/app/route\\.ts$` },
}))

module.exports = {
  forbidden: [
    ...engineRules,
    ...participantRules,
    ...serverRules,
    ...screenRules,
    {
      name: 'the engine knows no host',
      comment:
        'tss-wasm runs in browsers, desktop and servers alike: network, storage and screens come in as parameters.',
      severity: 'error',
      from: { path: '^tss-wasm/' },
      to: { path: '^(web|coordinator-stub|electron|participant|proto|chain)/' },
    },
    {
      name: 'the coordinator does not know the app',
      comment:
        'coordinator-stub may use proto and, for server parties, participant and tss-wasm; never web or electron.',
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
      name: 'the coordinator takes part in nothing',
      comment:
        'Server parties and user shares are participants. What coordinates uses the formats that both sides must agree on, and starts participants for user shares.',
      severity: 'error',
      from: {
        path: '^coordinator-stub/',
        pathNot: '^coordinator-stub/(test|party|userShares)/|^coordinator-stub/rest/(userShares|takingPart)\\.ts$',
      },
      to: { path: '^participant/', pathNot: '^participant/session/(watchRequest|serverParties|sessionParts)\\.ts$' },
    },
    {
      name: 'chain knows no host',
      comment:
        'What nodes say and what is made of it: it may use the content of the engine; http/ asks by the fetch that it is given.',
      severity: 'error',
      from: { path: '^chain/', pathNot: '/test/' },
      to: {
        path: '^(web|coordinator-stub|electron|participant|proto|files)/|^tss-wasm/(?!content/|failure\\.ts|bytes\\.ts|isRecord\\.ts|zod\\.ts)',
      },
    },
    {
      name: 'proto knows nobody',
      comment: 'The services and what is generated from them.',
      severity: 'error',
      from: { path: '^proto/' },
      to: { path: '^(web|coordinator-stub|electron|participant|tss-wasm|files)/' },
    },
    {
      name: 'a participant knows no host',
      comment:
        'tss-wasm, proto <- participant <- web, coordinator-stub/party, coordinator-stub/userShares, electron: stores, engines and screens come in as ports. Of the engine it uses what is agreed and signed, and the type of the worker.',
      severity: 'error',
      from: { path: '^participant/', pathNot: '/test/' },
      to: {
        path: '^(web|coordinator-stub|electron|files)/|^tss-wasm/(assembly|integers|crypto|proofs|protocols|keyShare)/|^tss-wasm/worker/(?!api\\.ts$)',
      },
    },
    {
      name: 'electron knows only the platform types of web',
      comment: 'The desktop shell implements web/platform; it does not reach into screens or jobs.',
      severity: 'error',
      from: { path: '^electron/', pathNot: '/test/' },
      to: { path: '^web/', pathNot: '^web/platform/' },
    },
    {
      name: 'electron knows of the server only the party that it is without a window',
      comment: 'The headless party starts the server party, which it is.',
      severity: 'error',
      from: { path: '^electron/', pathNot: '/test/' },
      to: {
        path: '^coordinator-stub/',
        pathNot: '^coordinator-stub/(party/(settings|start)|process/(log|runUntilSignalled|settings))\\.ts$',
      },
    },
    {
      name: 'screens hold no protocol, storage or network',
      comment: 'web/app shows state and calls jobs.',
      severity: 'error',
      from: { path: '^web/app/' },
      to: {
        path: '^(tss-wasm/(integers|crypto|proofs|protocols|round|keyShare|worker)|proto|participant)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'jobs have no screens',
      severity: 'error',
      comment: 'A job is what the app does, in order, without UI.',
      from: { path: '^web/(jobs|platform)/' },
      to: { path: '^web/(app|state)/|^node_modules/react' },
    },
    {
      name: 'files know nobody',
      comment: 'files/ (lock, write beside, flush, rename) serves the servers and the desktop.',
      severity: 'error',
      from: { path: '^files/' },
      to: { path: '^(web|coordinator-stub|electron|participant|proto)/|^tss-wasm/(?!random\\.ts)' },
    },
    {
      name: 'no circles',
      comment: 'Two modules that need each other, be it for a type: take the shared part out.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: "tests are nobody's dependency",
      comment: 'Product code does not import test code.',
      severity: 'error',
      from: {
        pathNot:
          '(/test/|\\.test\\.ts$|^bench/|^e2e/|^scripts/|^(fuzz|soak|testkit|system|engines|interop|timing|mutation)/)',
      },
      to: { path: '(/test/|\\.test\\.ts$|^e2e/|^bench/|^(fuzz|soak|testkit|system|engines)/)' },
    },
    {
      name: 'everything resolves',
      comment: 'An import that does not resolve.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|release|tss-wasm/(assembly|build))/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default', 'types'] },
  },
}
