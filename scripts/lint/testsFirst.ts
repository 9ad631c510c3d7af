// A rule for oxlint: a test file registers all its tests before it awaits anything. node:test may take the tests that are
// registered at an await for all there are, and the rest vanish from a green run. What tests need is loaded in `before`,
// or above the first of them.
import type { ESTree, Rule } from '@oxlint/plugins'

type Node = ESTree.Node
type CallExpression = ESTree.CallExpression

const suites = ['describe', 'suite']
const registering = [...suites, 'it', 'test', 'before', 'after', 'beforeEach', 'afterEach']
const loops = ['ForStatement', 'ForOfStatement', 'ForInStatement', 'WhileStatement', 'DoWhileStatement']

export const testsFirst: Rule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      awaited:
        'Tests are registered before this: they could vanish. Await above all tests of the file, or in `before`.',
      inSuite: 'A suite registers its tests at once: await in `before`.',
    },
  },
  create(context) {
    const registrations: Node[] = []
    const awaits: Node[] = []
    function awaited(node: Node): void {
      const owner = functionAround(node)
      if (owner === undefined) awaits.push(node)
      else if (isCallbackOfSuite(owner)) context.report({ node, messageId: 'inSuite' })
    }
    return {
      CallExpression(node) {
        if (registering.includes(calledName(node)) && functionAround(node) === undefined) registrations.push(node)
      },
      AwaitExpression: awaited,
      'ForOfStatement[await=true]': awaited,
      'VariableDeclaration[kind="await using"]': awaited,
      'Program:exit'() {
        const first = Math.min(...registrations.map(startOf))
        for (const node of awaits) {
          const isBetween = loopsAround(node).some((loop) =>
            registrations.some((each) => loopsAround(each).includes(loop)),
          )
          if (startOf(node) > first || isBetween) context.report({ node, messageId: 'awaited' })
        }
      },
    }
  },
}

/** `it` of `it(...)`, `it.skip(...)` and the like. */
function calledName({ callee }: CallExpression): string {
  const named = callee.type === 'MemberExpression' ? callee.object : callee
  return named.type === 'Identifier' ? named.name : ''
}

function startOf(node: Node): number {
  return node.range[0]
}

function around(node: Node): Node[] {
  const found: Node[] = []
  for (let each = node.parent; each !== null; each = each.parent) found.push(each)
  return found
}

function functionAround(node: Node): Node | undefined {
  return around(node).find(({ type }) => type.includes('Function'))
}

function loopsAround(node: Node): Node[] {
  return around(node).filter(({ type }) => loops.includes(type))
}

function isCallbackOfSuite({ parent }: Node): boolean {
  return parent?.type === 'CallExpression' && suites.includes(calledName(parent))
}
