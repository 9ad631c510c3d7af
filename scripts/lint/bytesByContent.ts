// A rule for eslint: two arrays of bytes are never compared by `===`, looked for by `includes`, or the key of a map, all of
// which ask whether they are one object. Read twice, the same key is two objects, and a wallet that is there is not found.
import type { Rule } from 'eslint'
import type { Program, Type } from 'typescript'

type Node = Rule.Node

/** What the TypeScript parser knows besides the syntax. */
interface TypedServices {
  readonly program: Program
  getTypeAtLocation(node: Node): Type
}

const byIdentity = ['===', '!==']
const searches = ['includes', 'indexOf', 'lastIndexOf']
const lookups = ['has', 'get', 'set', 'add', 'delete']

export const bytesByContent: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { identity: 'Bytes are compared by what they are, with sameBytes, not by whether they are one object.' },
  },
  create(context) {
    const services = context.sourceCode.parserServices as TypedServices
    const typeName = (node: Node) => {
      const type = services.program.getTypeChecker().getNonNullableType(services.getTypeAtLocation(node))
      return (type.symbol as { name: string } | undefined)?.name
    }
    const isBytes = (node: Node) => typeName(node) === 'Uint8Array'
    const isKeyed = (node: Node) => ['Map', 'ReadonlyMap', 'Set', 'ReadonlySet'].includes(typeName(node) ?? '')
    return {
      BinaryExpression(node) {
        if (byIdentity.includes(node.operator) && isBytes(node.left as Node) && isBytes(node.right as Node))
          context.report({ node, messageId: 'identity' })
      },
      CallExpression(node) {
        const { callee, arguments: given } = node
        const [sought] = given
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || sought === undefined) return
        const { name } = callee.property
        if (!searches.includes(name) && !(lookups.includes(name) && isKeyed(callee.object as Node))) return
        if (isBytes(sought as Node)) context.report({ node, messageId: 'identity' })
      },
    }
  },
}
