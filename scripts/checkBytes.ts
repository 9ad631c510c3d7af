// npm run check:bytes: finds arrays of bytes that are compared by whether they are one object (scripts/lint/bytesByContent.ts).
import { relative } from 'node:path'
import ts from 'typescript'
import { bytesByIdentity } from './lint/bytesByContent.ts'
import { root, stop } from './project.ts'

const read = ts.readConfigFile(`${root}/tsconfig.json`, (path) => ts.sys.readFile(path))
const { fileNames, options } = ts.parseJsonConfigFileContent(read.config, ts.sys, root)
const program = ts.createProgram(fileNames, options)
const found = program
  .getSourceFiles()
  .filter(({ isDeclarationFile, fileName }) => !isDeclarationFile && !fileName.includes('/node_modules/'))
  .flatMap((file) =>
    bytesByIdentity(program, file).map((node) => {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
      return `${relative(root, file.fileName)}:${line + 1}: ${node.getText(file)}`
    }),
  )
if (found.length > 0) stop(`bytes are compared by what they are, with sameBytes:\n${found.join('\n')}`)
