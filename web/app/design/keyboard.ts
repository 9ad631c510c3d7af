import { useEffect, useState } from 'react'

/** Pixels between what is kept in sight and the edge. */
const margin = 12

/**
 * Keeps the button of a form in sight while its field is typed into. Chrome and Firefox make the page smaller when the
 * keyboard comes (interactive-widget in index.html). Safari lays the keyboard over the page, so the page needs as much room
 * below as the keyboard covers, and is moved up by no more than leaves the field in sight.
 * @returns pixels of the page that the keyboard lies over
 */
export function useKeyboard(): number {
  const [{ covered, changes }, setChange] = useState({ covered: 0, changes: 0 })
  useEffect(() => {
    const seen = visualViewport
    if (!seen) return undefined
    const measure = () => {
      if (seen.scale > 1.01) return // enlarged by its reader, who moves it by hand
      const hidden = Math.round(document.documentElement.clientHeight - seen.height - seen.offsetTop)
      setChange((last) => ({ covered: Math.max(0, hidden), changes: last.changes + 1 }))
    }
    seen.addEventListener('resize', measure)
    return () => {
      seen.removeEventListener('resize', measure)
    }
  }, [])
  useEffect(() => {
    if (changes === 0) return undefined
    // Once the room has been drawn: before that, Chromium scrolls no further than it could without it.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(showButton)
    })
    return () => {
      cancelAnimationFrame(frame)
    }
  }, [changes])
  return covered
}

const typedInto = 'textarea, input:not([type=checkbox], [type=radio], [type=file])'

/** Where field and button both have room between the top and the keyboard; else the field alone stays in sight. */
function showButton(): void {
  const [field, seen] = [document.activeElement, visualViewport]
  const button = field?.matches(typedInto) === true ? field.closest('form')?.querySelector('button[type=submit]') : null
  if (!field || !button || !seen) return
  const [top, bottom] = [seen.offsetTop + margin, seen.offsetTop + seen.height - margin]
  const hidden = button.getBoundingClientRect().bottom - bottom
  const free = field.getBoundingClientRect().top - top
  if (hidden > 0 && hidden <= free) scrollBy(0, hidden)
}
