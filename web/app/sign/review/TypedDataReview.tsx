import { useMemo } from 'react'
import {
  calleeOf,
  meaningOfTypedData,
  type TypedMeaning,
  type TypedNote,
} from '../../../../tss-wasm/content/describe/notes.ts'
import { decodeTypedData, type TypedData } from '../../../../tss-wasm/content/typedData.ts'
import { useDescriptions } from '../../../state/descriptions.ts'
import { Card, Fact, Facts } from '../../design/Card.tsx'
import { Notice } from '../../design/Notice.tsx'
import type { Texts } from '../../texts/en.ts'
import { useTexts } from '../../texts/useTexts.tsx'
import { networkText } from '../chains.ts'
import { Said, Tree, Value } from './Described.tsx'

/** Typed data: what it does, for whom it is, then all of what it says, as it is nested. */
export function TypedDataReview({ json }: { readonly json: Uint8Array }) {
  const texts = useTexts()
  const { described, typed } = texts
  const { descriptions } = useDescriptions()
  const data = useMemo(() => decodeTypedData(json), [json])
  const meaning = useMemo(() => meaningOfTypedData(data, descriptions), [data, descriptions])
  const { chainId } = calleeOf(data)
  const { standard, described: theirs, annotations } = meaning
  const title = standard === undefined ? typed.title(data.primaryType) : described.names[standard.name]
  return (
    <>
      {meaning.notes.flatMap((note) => {
        const text = noteText(note, meaning, data, texts)
        return text === undefined
          ? []
          : [
              <Notice key={note} tone={graveNotes.includes(note) ? 'bad' : 'warn'}>
                {text}
              </Notice>,
            ]
      })}
      <Card title={title}>
        {theirs !== undefined && <Said intent={theirs.intent} owner={theirs.owner} />}
        {standard !== undefined && <p className="mb-2 text-sm text-muted">{typed.title(data.primaryType)}</p>}
        <Tree nodes={data.message} annotations={annotations} chainId={chainId} />
      </Card>
      <Card title={typed.domain}>
        {data.domain.length === 0 ? (
          <p className="text-muted">{typed.empty}</p>
        ) : (
          <Facts>
            {data.domain.map((node) => (
              <Fact key={node.name} name={fieldName(node.name, texts)}>
                {node.name === 'chainId' && chainId !== undefined ? (
                  networkText(chainId, texts)
                ) : (
                  <Value node={node} annotations={annotations} chainId={chainId} />
                )}
              </Fact>
            ))}
          </Facts>
        )}
      </Card>
    </>
  )
}

const graveNotes: readonly TypedNote[] = ['unlimited', 'delegatecall', 'unknown']

function noteText(
  note: TypedNote,
  { opaque }: TypedMeaning,
  data: TypedData,
  { described }: Texts,
): string | undefined {
  const { notes, powers } = described
  if (note === 'harmless') return undefined
  if (note === 'spend' || note === 'order' || note === 'send' || note === 'account') return powers[note]
  if (note === 'opaque') return notes.opaque(opaque.join(', '))
  if (note !== 'unknown') return notes[note]
  const { to } = calleeOf(data)
  return notes.unknown(to === undefined ? notes.anyContract : notes.aContract(to))
}

/** A domain may have values that the standard does not know. */
function fieldName(name: string, { typed: { fields } }: Texts): string {
  return Object.hasOwn(fields, name) ? fields[name as keyof typeof fields] : name
}
