// Two arrays of bytes are never compared by `===`, looked for by `includes`, or the key of a map, all of which ask whether
// they are one object. Read twice, the same key is two objects, and a wallet that is there is not found.
import ts from 'typescript'

const byIdentity = [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken]
const searches = ['includes', 'indexOf', 'lastIndexOf']
const lookups = ['has', 'get', 'set', 'add', 'delete']
const keyed = ['Map', 'ReadonlyMap', 'Set', 'ReadonlySet']

/** @returns the expressions of `file` that compare bytes by whether they are one object, in its order */
export function bytesByIdentity(program: ts.Program, file: ts.SourceFile): readonly ts.Expression[] {
  const checker = program.getTypeChecker()
  const typeName = (node: ts.Node) => {
    const type = checker.getNonNullableType(checker.getTypeAtLocation(node))
    return (type.symbol as ts.Symbol | undefined)?.name ?? ''
  }
  const isBytes = (node: ts.Expression) => typeName(node) === 'Uint8Array'

  function comparesBytes(node: ts.Node): node is ts.Expression {
    if (ts.isBinaryExpression(node)) {
      const { left, right, operatorToken } = node
      // Most comparisons are with what is written out, whose types need not be found.
      const isComparison = byIdentity.includes(operatorToken.kind) && !isWritten(left) && !isWritten(right)
      return isComparison && isBytes(left) && isBytes(right)
    }
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false
    const [sought] = node.arguments
    const { expression: of, name } = node.expression
    if (sought === undefined || ![...searches, ...lookups].includes(name.text)) return false
    return isBytes(sought) && (searches.includes(name.text) || keyed.includes(typeName(of)))
  }

  const found: ts.Expression[] = []
  const visit = (node: ts.Node): void => {
    if (comparesBytes(node)) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

const words = [ts.SyntaxKind.NullKeyword, ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword]

function isWritten(node: ts.Expression): boolean {
  return (
    ts.isLiteralExpression(node) || words.includes(node.kind) || (ts.isIdentifier(node) && node.text === 'undefined')
  )
}
