/** RFC 4180 as another program reads it: a record for each line, by the names in the first. @throws Error where it is none */
export function csvRows(text: string): readonly Readonly<Record<string, string>>[] {
  const [names = [], ...lines] = linesOf(text)
  return lines.map((cells) => {
    if (cells.length !== names.length) throw new Error(`a line has ${cells.length} cells, the first ${names.length}`)
    return Object.fromEntries(cells.map((cell, i) => [names[i] ?? '', cell]))
  })
}

function linesOf(text: string): readonly (readonly string[])[] {
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  const lines: string[][] = [[]]
  while (cells.lastIndex < text.length) {
    const at = cells.lastIndex
    const found = cells.exec(text)
    if (found === null) throw new Error(`no cell at character ${at}`)
    const [, quoted, plain = '', end] = found
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\r\n') lines.push([])
  }
  return lines.slice(0, -1)
}
