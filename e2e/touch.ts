/** Pixels of CSS: what a finger hits (WCAG 2.5.5). */
export const fingertip = 44

/**
 * Runs in the page, of any engine, so it uses nothing from outside itself: what a finger would miss, and fields that Safari
 * on a phone would enlarge the page for, with what was measured. Links within a sentence are as high as their line.
 * @param least pixels of CSS, each way
 */
export function hardToTouch(least: number): string[] {
  const seen = (element: Element) =>
    element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden'
  const named = (element: Element) =>
    `${element.tagName.toLowerCase()} "${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40)}"`
  const isVisuallyHidden = (element: Element) => element.getBoundingClientRect().width <= 1
  const complaints: string[] = []
  for (const element of document.querySelectorAll('a[href], button, summary, select, textarea, input')) {
    if (!seen(element)) continue
    const isChoice = element.matches('[type=checkbox], [type=radio], [type=file]')
    const target = (isChoice ? element.closest('label') : null) ?? element
    if (isVisuallyHidden(target)) continue // shown when it has the focus
    if (element.matches('a') && getComputedStyle(element).display === 'inline') continue
    const { width, height } = target.getBoundingClientRect()
    if (width < least - 0.5 || height < least - 0.5)
      complaints.push(`${named(target)} is ${width.toFixed(0)} by ${height.toFixed(0)}`)
    const size = Number.parseFloat(getComputedStyle(element).fontSize)
    if (element.matches('input, select, textarea') && !isChoice && size < 16)
      complaints.push(`${named(element)} has letters of ${size} pixels`)
  }
  return complaints
}
