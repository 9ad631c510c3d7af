import {
  createContext,
  useCallback,
  useContext,
  useId,
  useMemo,
  useState,
  type ReactNode,
  type RefCallback,
} from 'react'

interface Reading {
  /** Frames whose end nobody has seen yet, by their id. */
  readonly unread: ReadonlySet<string>
  readonly mark: (id: string, isRead: boolean) => void
}

const ReadingContext = createContext<Reading>({ unread: new Set(), mark: () => undefined })

/** Around a review and the form below it: what is signed is signed once the end of every text was on the screen. */
export function ReadingBeforeSigning({ testId, children }: { readonly testId?: string; readonly children: ReactNode }) {
  const [unread, setUnread] = useState<ReadonlySet<string>>(new Set())
  const mark = useCallback((id: string, isRead: boolean) => {
    setUnread((before) => {
      if (before.has(id) !== isRead) return before
      const after = new Set(before)
      if (isRead) after.delete(id)
      else after.add(id)
      return after
    })
  }, [])
  const reading = useMemo(() => ({ unread, mark }), [unread, mark])
  return (
    <ReadingContext value={reading}>
      <div className="grid gap-5" data-testid={testId}>
        {children}
      </div>
    </ReadingContext>
  )
}

/** Whether the end of every text was seen. */
export function useIsRead(): boolean {
  return useContext(ReadingContext).unread.size === 0
}

const nearlyPixels = 4

/** For the frame of a text: tells when its end was seen, at once where it fits. @param text another one is read anew */
export function useReading(text: string): RefCallback<HTMLElement> {
  const { mark } = useContext(ReadingContext)
  const id = useId()
  return useCallback(
    (frame: HTMLElement | null) => {
      if (frame === null) return undefined
      let isRead = false
      const look = () => {
        const { scrollTop, clientHeight, scrollHeight } = frame
        isRead ||= clientHeight > 0 && scrollTop + clientHeight >= scrollHeight - nearlyPixels
        mark(id, isRead)
      }
      const sizes = new ResizeObserver(look)
      sizes.observe(frame)
      frame.addEventListener('scroll', look)
      look()
      return () => {
        sizes.disconnect()
        frame.removeEventListener('scroll', look)
        mark(id, true)
      }
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- another text is another frame to be read
    [id, mark, text],
  )
}
