import { useEffect, useRef, type RefObject } from 'react'

/** After a change of screen the reader starts at its top, not at the link that led there. */
export function useFocusOnNavigation(main: RefObject<HTMLElement | null>, fragment: string): void {
  const shown = useRef(fragment)
  useEffect(() => {
    if (shown.current === fragment) return
    shown.current = fragment
    main.current?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [main, fragment])
}

/**
 * Whoever stood at a control that is taken away goes on at the start of the screen. Otherwise the focus would be nowhere,
 * and who reads by ear would hear nothing of what came instead.
 */
export function useFocusKept(main: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let last: Element | null = null
    const remember = () => {
      last = document.activeElement
    }
    const observer = new MutationObserver(() => {
      if (last === null || last.isConnected || document.activeElement !== document.body) return
      last = null
      main.current?.focus({ preventScroll: true })
    })
    addEventListener('focusin', remember)
    observer.observe(document.body, { childList: true, subtree: true })
    return () => {
      removeEventListener('focusin', remember)
      observer.disconnect()
    }
  }, [main])
}
