import ts from 'typescript'

/** A declaration that a file exports, as a reader of the reference sees it. */
export interface Declaration {
  readonly name: string
  /** Its docstring, as Markdown; empty without one. */
  readonly text: string
  /** The declaration itself, its members with their docstrings; of functions and values what they are, not how they work. */
  readonly code: string
}

/** In the order of the file. What is passed on from other files is left to their pages. */
export function declarationsOf(path: string, source: string): readonly Declaration[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ESNext, true)
  return file.statements.flatMap((statement) => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    const name = isExported ? nameOf(statement) : undefined
    return name === undefined ? [] : [{ name, text: docstringOf(statement), code: codeOf(statement, file) }]
  })
}

function nameOf(statement: ts.Statement): string | undefined {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]?.name.getText()
  const isNamed =
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement)
  return isNamed ? statement.name?.text : undefined
}

/** Paragraphs, then a list of what has a tag. */
function docstringOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  if (comment === undefined) return ''
  const tags = (comment.tags ?? []).map((tag) => {
    const name = ts.isJSDocParameterTag(tag) ? ` \`${tag.name.getText()}\`` : ''
    return `- _${tag.tagName.text}_${name} ${prose(tag.comment)}`
  })
  return [prose(comment.comment), tags.join('\n')].filter((part) => part !== '').join('\n\n')
}

function prose(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  // Angle brackets would be taken for HTML.
  return (ts.getTextOfJSDocComment(comment) ?? '').trim().replaceAll('<', '\\<')
}

function codeOf(statement: ts.Statement, file: ts.SourceFile): string {
  const end = endOfPromise(statement) ?? statement.getEnd()
  return file.text
    .slice(statement.getStart(file), end)
    .trim()
    .replace(/^export (async )?/, '')
}

/** Where the declaration is over and the implementation begins. */
function endOfPromise(statement: ts.Statement): number | undefined {
  if (ts.isFunctionDeclaration(statement)) return statement.body?.getFullStart()
  if (ts.isClassDeclaration(statement)) return statement.members.pos - 1
  if (!ts.isVariableStatement(statement)) return undefined
  const initializer = statement.declarationList.declarations[0]?.initializer
  // A number is worth seeing.
  return initializer === undefined || ts.isNumericLiteral(initializer) || ts.isBinaryExpression(initializer)
    ? undefined
    : initializer.getFullStart() - 1
}
