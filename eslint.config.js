import reactHooks from 'eslint-plugin-react-hooks'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { bytesByContent } from './scripts/lint/bytesByContent.ts'
import { testsFirst } from './scripts/lint/testsFirst.ts'

const oneGenerator = 'Randomness comes from a RandomSource parameter; only tss-wasm/random.ts touches the system.'

export default defineConfig(
  globalIgnores([
    '**/build/',
    '.quorate/',
    'dist/',
    'dist-electron/',
    'proto/gen/',
    'tss-wasm/assembly/',
    'release/',
    'sdk/typescript/src/generated.ts',
    'sdk/typescript/{dist/,example.mjs}',
    '**/*.cjs',
    'scripts/setup.mjs',
  ]),
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js'] }, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { bytes: { rules: { 'by-content': bytesByContent } } },
    rules: {
      'bytes/by-content': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // PartyId and friends are branded; `as` is how a brand is given.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: oneGenerator },
        { object: 'crypto', property: 'getRandomValues', message: oneGenerator },
        { object: 'crypto', property: 'randomUUID', message: oneGenerator },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:crypto', importNames: ['randomBytes', 'randomUUID', 'randomInt'], message: oneGenerator },
          ],
        },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['tss-wasm/random.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['scripts/**', 'bench/**', '{fuzz,soak,mutation,testkit,system,engines}/**', '**/test/**', 'e2e/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.test.ts'],
    plugins: { house: { rules: { 'tests-first': testsFirst } } },
    rules: { 'house/tests-first': 'error' },
  },
  // node:test's describe/it/test return promises that the runner itself awaits.
  {
    files: ['**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  {
    files: ['web/**/*.tsx', 'web/**/*.ts'],
    extends: [reactHooks.configs.flat['recommended-latest'] ?? reactHooks.configs['recommended-latest']],
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
)
