import { Button, LinkButton } from '../design/Button.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** Hands an invitation on by what the device has for that: its share sheet, or a mail that is begun. */
export function ShareInvitation({ label, link }: { readonly label: string; readonly link: string }) {
  const { invitations: texts } = useTexts()
  const message = { title: texts.subject, text: texts.message(label) }
  // Typed as always there; many browsers have none.
  const canShare = 'share' in navigator
  if (canShare) {
    const share = async () => {
      try {
        await navigator.share({ ...message, url: link })
      } catch {
        // put away by its person
      }
    }
    return (
      <Button className="text-sm" aria-label={texts.shareLabel(label)} onClick={() => void share()}>
        {texts.share}
      </Button>
    )
  }
  const body = `${message.text}\n\n${link}\n`
  return (
    <LinkButton
      className="text-sm"
      aria-label={texts.mailLabel(label)}
      href={`mailto:?subject=${encodeURIComponent(message.title)}&body=${encodeURIComponent(body)}`}
    >
      {texts.mail}
    </LinkButton>
  )
}
