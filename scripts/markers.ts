import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './project.ts'

/** A document and the place in it that a script writes: between `<!-- name:begin -->` and `<!-- name:end -->`. */
interface Place {
  readonly before: string
  readonly between: string
  readonly after: string
}

/** @throws Error where the document has no such markers */
export function placeIn(text: string, file: string, name: string): Place {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const [start, to] = [text.indexOf(begin), text.indexOf(end)]
  if (start < 0 || to < start) throw new Error(`${file} has no place for ${name}: ${begin} ... ${end}`)
  const from = start + begin.length
  return { before: text.slice(0, from), between: text.slice(from, to), after: text.slice(to) }
}

/** @param file its path in the repository */
export function writeBetweenMarkers(file: string, name: string, lines: readonly string[]): void {
  const path = join(root, file)
  const { before, after } = placeIn(readFileSync(path, 'utf8'), file, name)
  writeFileSync(path, [before, '', ...lines, '', after].join('\n'))
}
