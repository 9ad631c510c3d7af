import { useTexts } from '../texts/useTexts.tsx'
import { Button } from './Button.tsx'

interface DownloadButtonProps {
  /** Completes the accessible name, as in "Save PSBT as a file". */
  readonly what: string
  /** Of the file. */
  readonly name: string
  readonly content: string | Uint8Array
}

export function DownloadButton({ what, name, content }: DownloadButtonProps) {
  const { app } = useTexts()
  const save = () => {
    const url = URL.createObjectURL(new Blob([typeof content === 'string' ? content : new Uint8Array(content)]))
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <Button className="text-sm" onClick={save}>
      {app.saveAs(what)}
    </Button>
  )
}
