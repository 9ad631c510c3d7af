// The rules of this house that oxlint does not have, as a plugin for it (.oxlintrc.json).
import { testsFirst } from './testsFirst.ts'

export default { meta: { name: 'house' }, rules: { 'tests-first': testsFirst } }
