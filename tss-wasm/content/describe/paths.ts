import type { TypedNode } from '../typedData.ts'

/** One step of an ERC-7730 path: into a member, an element (from the end where it is negative), all of them, or some bytes. */
type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'element'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'slice'; readonly from: number; readonly to: number | undefined }

const longest = 500

/** ERC-7730, "Path references": steps between dots, of `#.a.b[0].[]` as of `a.b.[0].[]`. Undefined where it is not a path. */
function stepsOf(path: string): readonly Step[] | undefined {
  if (path.length > longest) return undefined
  const parts = path.replace(/^#\.?/, '').match(/[^.[\]]+|\[[^\]]*\]/g) ?? []
  const steps = parts.map((part): Step | undefined => {
    if (part === '[]') return { kind: 'all' }
    const [, from, colon, to] = /^\[(-?\d*)(:?)(-?\d*)\]$/.exec(part) ?? []
    if (from === undefined) return part.startsWith('[') ? undefined : { kind: 'member', name: part }
    if (colon === ':') return { kind: 'slice', from: Number(from), to: to === '' ? undefined : Number(to) }
    return { kind: 'element', index: Number(from) }
  })
  return steps.every((step) => step !== undefined) ? steps : undefined
}

/** What a path leads to: several where it goes through lists. None where it leads nowhere. */
export function nodesAt(roots: readonly TypedNode[], path: string): readonly TypedNode[] {
  const steps = stepsOf(path)
  if (steps === undefined) return []
  return steps.reduce<readonly TypedNode[]>(
    (nodes, step) => nodes.flatMap((node) => into(node, step)),
    [{ name: '', type: 'tuple', value: roots }],
  )
}

function into({ name, type, value }: TypedNode, step: Step): readonly TypedNode[] {
  if (step.kind === 'slice') {
    if (typeof value !== 'string' || !value.startsWith('0x')) return []
    const bytes = value.slice(2).match(/../g) ?? []
    return [{ name, type, value: `0x${bytes.slice(step.from, step.to).join('')}` }]
  }
  if (typeof value !== 'object') return []
  if (step.kind === 'all') return value
  if (step.kind === 'member') return value.filter((node) => node.name === step.name)
  const found = value.at(step.index)
  return found === undefined ? [] : [found]
}
