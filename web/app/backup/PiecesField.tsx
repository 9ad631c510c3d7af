import { Button } from '../design/Button.tsx'
import { Field, verbatim } from '../design/Field.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface PiecesFieldProps {
  readonly pieces: readonly string[]
  readonly onPieces: (pieces: readonly string[]) => void
  readonly error: string | undefined
}

/** As many pieces as somebody has got together, each as its guardian reads it out or sends it. */
export function PiecesField({ pieces, onPieces, error }: PiecesFieldProps) {
  const { guardians } = useTexts()
  return (
    <div className="grid gap-4">
      <p className="text-sm text-muted">{guardians.piecesHint}</p>
      {pieces.map((piece, i) => (
        <Field key={i} label={guardians.piece(i + 1)} error={i === pieces.length - 1 ? error : undefined}>
          {(control) => (
            <textarea
              {...control}
              {...verbatim}
              rows={4}
              value={piece}
              onChange={({ target }) => {
                onPieces(pieces.with(i, target.value))
              }}
            />
          )}
        </Field>
      ))}
      {pieces.length < 16 && (
        <Button
          className="justify-self-start"
          onClick={() => {
            onPieces([...pieces, ''])
          }}
        >
          {guardians.anotherPiece}
        </Button>
      )}
    </div>
  )
}
