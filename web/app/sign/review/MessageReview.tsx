import { Card, Fact, Facts } from '../../design/Card.tsx'
import { Notice } from '../../design/Notice.tsx'
import { useTexts } from '../../texts/useTexts.tsx'
import { visibleText } from '../../texts/visibleText.ts'
import { Bytes } from './Bytes.tsx'
import { Quoted } from './Quoted.tsx'

export function MessageReview({ message }: { readonly message: Uint8Array }) {
  const { review } = useTexts()
  const { text, hasHidden } = visibleText(message)
  return (
    <>
      {hasHidden && <Notice tone="warn">{review.hidden}</Notice>}
      {message.length === 32 && <Notice tone="warn">{review.warnings.hash}</Notice>}
      <Card title={review.message}>
        <Facts>
          <Fact name={text === undefined ? review.notText : review.text}>
            {text === undefined ? <Bytes bytes={message} /> : <Quoted text={text} label={review.text} />}
          </Fact>
        </Facts>
      </Card>
    </>
  )
}
