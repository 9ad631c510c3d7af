import { error as wire, type WebDriver, type WebElement } from 'selenium-webdriver'

/** What a person sees and does, in any engine: elements are found by role and name, as a screen reader finds them. */
export interface Page {
  goto(url: string): Promise<void>
  reload(): Promise<void>
  click(role: Role, name: string | RegExp, withinMs?: number): Promise<void>
  fill(label: string | RegExp, text: string): Promise<void>
  choose(label: string | RegExp, file: string): Promise<void>
  /** Waits until it is there. */
  see(role: Role, name: string | RegExp, withinMs?: number): Promise<WebElement>
  /** The text of what carries this test id, once it is there. */
  value(testId: string, withinMs?: number): Promise<string>
  text(): Promise<string>
  /** Waits until no dialog is open. */
  undisturbed(): Promise<void>
  /** Checks every box on the page. */
  checkAll(): Promise<void>
  /** What the button would put on the clipboard, which each engine guards in its own way. */
  copied(button: string): Promise<string>
}

export type Role = 'button' | 'link' | 'textbox' | 'radio' | 'checkbox' | 'heading' | 'file'

const selectors: Readonly<Record<Role, string>> = {
  button: 'button,[role=button],summary',
  link: 'a[href]',
  textbox: 'input:not([type=radio]):not([type=checkbox]):not([type=file]),textarea',
  radio: 'input[type=radio]',
  checkbox: 'input[type=checkbox]',
  heading: 'h1,h2,h3',
  file: 'input[type=file]',
}

/** Runs in the page. */
const finder = `
  const [selector, source, flags, exact] = arguments
  const matches = exact === null ? (text) => new RegExp(source, flags).test(text) : (text) => text === exact
  const squeezed = (text) => (text || '').replace(/\\s+/g, ' ').trim()
  const nameOf = (element) => {
    const by = element.getAttribute('aria-labelledby')
    if (by) return squeezed(by.split(' ').map((id) => (document.getElementById(id) || {}).textContent).join(' '))
    if (element.getAttribute('aria-label')) return squeezed(element.getAttribute('aria-label'))
    if (element.labels && element.labels.length > 0) return squeezed(element.labels[0].textContent)
    return squeezed(element.textContent)
  }
  for (const element of document.querySelectorAll(selector)) {
    const isFile = element.type === 'file'
    if ((isFile || element.getClientRects().length > 0) && !element.disabled && matches(nameOf(element))) return element
  }
  return null`

export function pageOf(driver: WebDriver, defaultMs = 120_000): Page {
  async function see(role: Role, name: string | RegExp, withinMs = defaultMs): Promise<WebElement> {
    const pattern = typeof name === 'string' ? ['', '', name] : [name.source, name.flags, null]
    const find = () => driver.executeScript<WebElement | null>(finder, selectors[role], ...pattern)
    try {
      const found = await driver.wait(find, withinMs)
      if (found !== null) return found
    } catch (error) {
      throw new Error(`no ${role} ${String(name)} within ${withinMs} ms; the page says: ${await said()}`, {
        cause: error,
      })
    }
    throw new Error('a wait ends with what it waited for')
  }
  /** The page may draw an element anew between finding and using it, as it does for people; then it is found again. */
  async function use(element: () => Promise<WebElement>, work: (element: WebElement) => Promise<void>): Promise<void> {
    for (const until = Date.now() + defaultMs; ;) {
      try {
        await work(await element())
        return
      } catch (error) {
        if (!(error instanceof wire.StaleElementReferenceError) || Date.now() > until) throw error
      }
    }
  }
  /** Of the whole page: innerText leaves out the technical details that are folded. */
  async function said(): Promise<string> {
    return driver.executeScript<string>('return document.body.textContent')
  }
  return {
    see,
    text: () => driver.executeScript<string>('return document.body.innerText'),
    async goto(url) {
      await driver.get(url)
    },
    async reload() {
      await driver.navigate().refresh()
    },
    async click(role, name, withinMs) {
      await use(
        () => see(role, name, withinMs),
        async (element) => {
          await driver.executeScript('arguments[0].scrollIntoView({ block: "center" })', element)
          await element.click()
        },
      )
    },
    async fill(label, text) {
      await use(
        () => see('textbox', label),
        async (element) => {
          await element.clear()
          await element.sendKeys(text)
        },
      )
    },
    async undisturbed() {
      const script = 'return document.querySelector("dialog[open],[role=dialog]") === null'
      await driver.wait(async () => driver.executeScript<boolean>(script), defaultMs)
    },
    async checkAll() {
      await driver.executeScript(
        'for (const box of document.querySelectorAll("input[type=checkbox]:not(:checked)")) box.click()',
      )
    },
    async copied(button) {
      await driver.executeScript(`
        const writeText = (text) => { window.copiedText = text; return Promise.resolve() }
        Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true })`)
      await (await see('button', button, 300_000)).click()
      let found = ''
      await driver.wait(async () => {
        found = (await driver.executeScript<string | null>('return window.copiedText || null')) ?? ''
        return found !== ''
      }, defaultMs)
      return found
    },
    async choose(label, file) {
      const element = await see('file', label)
      await element.sendKeys(file)
    },
    async value(testId, withinMs = defaultMs) {
      const script = 'const e = document.querySelector(`[data-testid="${arguments[0]}"]`); return e && e.textContent'
      let found = ''
      await driver.wait(async () => {
        found = ((await driver.executeScript<string | null>(script, testId)) ?? '').trim()
        return found !== ''
      }, withinMs)
      return found
    },
  }
}
