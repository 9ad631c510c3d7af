import { expect, test, type Locator, type Page } from '@playwright/test'
import { chooseNode, fill, fillNewWallet, invite, passphrase, reviewTransaction } from './steps.ts'
import { testPage } from './testPages.ts'

// The main job by keyboard alone, on in-memory doubles: Tab, Enter, Space, arrows, Escape. Wherever the focus stops it can be
// seen, every screen is entered at its start, and a dialog keeps the focus and gives it back.

/** More stops than any screen has. */
const mostStops = 60

test('a wallet is created, opened and signs, and the language is switched, without a mouse', async ({ page }) => {
  const { keyboard } = page
  const link = (name: string | RegExp) => page.getByRole('link', { name })
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const field = (name: string) => page.getByRole('textbox', { name, exact: true })
  await page.goto(testPage('screens.html?wallets=0'))
  await page.getByRole('heading', { level: 1 }).waitFor()

  await keyboard.press('Tab')
  await expect(link('Skip to content')).toBeFocused()
  await keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()

  await tabTo(page, link('Create a wallet'))
  await keyboard.press('Enter')
  await arriveAt(page, 'Create a wallet')
  await tabTo(page, field('Name'))
  await keyboard.type('Family savings')
  const second = page.getByRole('checkbox', { name: 'server-2' })
  await tabTo(page, second)
  await keyboard.press('Space')
  await expect(second).not.toBeChecked()
  await keyboard.press('Space')
  await expect(second).toBeChecked()
  const shares = page.getByRole('combobox', { name: 'How many sign together' })
  await tabTo(page, shares)
  await keyboard.press('ArrowDown')
  await expect(shares).toHaveValue('3')
  await keyboard.press('ArrowUp')
  await expect(shares).toHaveValue('2')
  await tabTo(page, field('Passphrase'))
  await keyboard.type(passphrase)
  await tabTo(page, field('Repeat the passphrase'))
  await keyboard.type(passphrase)
  await keyboard.press('Enter')
  await arriveAt(page, 'Your wallet is ready')
  await tabTo(page, link('I’ll do it later'))
  await keyboard.press('Enter')
  await arriveAt(page, 'Family savings')

  for (const close of [() => keyboard.press('Escape'), () => pressed(page, button('Close'))]) {
    await tabTo(page, button('Check passphrase'))
    await keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toBeVisible()
    for (let stops = 0; stops < 8; stops += 1) {
      expect(await focusIs(page, 'outside a dialog')).toBe(false)
      await keyboard.press('Tab')
    }
    await close()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(button('Check passphrase')).toBeFocused()
  }

  await tabTo(page, page.getByRole('link', { name: 'Sign', exact: true }), 'Shift+Tab')
  await keyboard.press('Enter')
  await arriveAt(page, /^Sign with/)
  await tabTo(page, page.getByRole('radio', { name: 'Transaction', exact: true }))
  await keyboard.press('ArrowDown')
  await keyboard.press('ArrowDown')
  await expect(page.getByRole('radio', { name: 'Ethereum message' })).toBeChecked()
  await tabTo(page, field('Message'))
  await keyboard.type('The club agrees.')
  await pressed(page, button('Review'))
  await arriveAt(page, 'Check what you sign')
  await pressed(page, button('Edit'))
  await arriveAt(page, /^Sign with/)
  await expect(field('Message'), 'what was typed is still there').toHaveValue('The club agrees.')
  await pressed(page, button('Review'))
  await arriveAt(page, 'Check what you sign')
  await tabTo(page, field('Passphrase of this wallet'))
  await keyboard.type(passphrase)
  await keyboard.press('Enter')
  await arriveAt(page, 'Signed')

  await tabTo(page, link('Settings'))
  await keyboard.press('Enter')
  await arriveAt(page, 'Settings')
  const language = page.locator('main select').first()
  await tabTo(page, language)
  await keyboard.press('ArrowDown')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hant')
  await expect(language).toBeFocused()
})

test('the focus is never nowhere: not when what was pressed is disabled, and not when it goes away', async ({
  page,
}) => {
  await page.addInitScript(noteLosses)
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const press = async (target: Locator) => {
    await target.press('Enter')
    expect(await losses(page), `after ${target.toString()}`).toEqual([])
  }

  await page.goto(testPage('screens.html?hold=received prove from 3#/create'))
  await press(button('Create the wallet')) // of an incomplete form
  await invite(page)
  await fillNewWallet(page)
  await press(button('Create the wallet'))
  await page.getByTestId('check-code').waitFor()
  await press(button('The codes match'))
  await page.getByTestId('rounds').waitFor()
  await press(button('Cancel'))
  await page.getByTestId('failure').waitFor()
  await press(button('Try again'))
  await fillNewWallet(page)
  expect(await losses(page)).toEqual([])

  await page.goto(testPage('screens.html?wallets=1&requests=&rpc=https://node.example'))
  await page.route('https://node.example/**', (route) => route.fulfill({ body: 'not a node' }))
  await reviewTransaction(page)
  await fill(page, { 'Passphrase of this wallet': passphrase })
  await press(button('Sign now'))
  await page.getByTestId('signed').waitFor()
  await press(page.getByRole('link', { name: 'To the settings' }))
  await chooseNode(page, 'Ethereum node', 'https://node.example/')
  await page.goBack()
  await press(button('Broadcast'))
  await page.getByText('The node did not answer').waitFor()
  await expect(button('Broadcast')).toBeFocused()
  await press(button('Sign something else'))

  await press(page.getByRole('link', { name: /^Requests/ }))
  await press(page.getByRole('link', { name: 'Open the request' }).first())
  await fill(page, { 'Passphrase of this wallet': passphrase })
  await press(button('Approve and sign'))
  await page.getByTestId('failure').waitFor() // nobody joins among these doubles
  await press(page.getByRole('link', { name: /^Requests/ }))
  await press(page.getByRole('link', { name: 'Open the request' }).last())
  await press(button('Reject'))
  await expect(page.getByRole('link', { name: 'Open the request' })).toHaveCount(1)
  expect(await losses(page)).toEqual([])
})

test('a button that may not be pressed yet can be reached and does nothing, and neither does Enter in its form', async ({
  page,
}) => {
  await page.goto(testPage(`screens.html?wallets=2&requests=#/requests/${'1'.repeat(32)}`))
  const approve = page.getByRole('button', { name: 'Approve and sign' })
  await expect(approve).toBeDisabled()
  const field = page.getByLabel('Passphrase of this wallet', { exact: true })
  await field.fill(passphrase)
  await field.press('Enter')
  await approve.press('Enter')
  await approve.press('Space')
  await approve.click({ force: true })
  await expect(approve).toBeFocused()
  await expect(field).toHaveValue(passphrase)
  await page.getByLabel('To go on, type').fill('I sign blind')
  await field.press('Enter')
  await page.getByTestId('failure').waitFor() // nobody joins among these doubles
})

/** In the page: notes from frame to frame where the focus was when it went to nothing. */
function noteLosses(): void {
  const found: string[] = []
  Object.assign(globalThis, { losses: found })
  let last = document.activeElement
  const look = () => {
    const now = document.activeElement
    if ((now === null || now === document.body) && last !== null && last !== now)
      found.push(last.outerHTML.slice(0, 200))
    last = now
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

/** Up to two frames after now, when what a press has changed is on the screen. */
async function losses(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    for (let frames = 0; frames < 2; frames += 1) await new Promise((shown) => requestAnimationFrame(shown))
    return (globalThis as { losses?: unknown }).losses
  })
}

/** By Tab from stop to stop; at each the focus can be seen. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await target.waitFor()
  for (let stops = 0; stops < mostStops; stops += 1) {
    await page.keyboard.press(key)
    expect(await focusIs(page, 'hidden'), await page.evaluate(() => document.activeElement?.outerHTML)).toBe(false)
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`${target.toString()} is not reached by ${key}`)
}

async function pressed(page: Page, button: Locator): Promise<void> {
  await tabTo(page, button)
  await page.keyboard.press('Enter')
}

/** On a screen, with the focus on its title or on the whole of it. */
async function arriveAt(page: Page, title: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  await expect.poll(() => focusIs(page, 'at the start')).toBe(true)
}

type Place = 'hidden' | 'at the start' | 'outside a dialog'

async function focusIs(page: Page, place: Place): Promise<boolean> {
  return page.evaluate((asked) => {
    const focused = document.activeElement
    // Between the last stop and the first the focus is in the browser's own window.
    const isInPage = focused !== null && focused !== document.body
    if (asked === 'at the start') return focused?.matches('h1, main') === true
    if (!isInPage) return false
    if (asked === 'outside a dialog') return focused.closest('dialog') === null
    const isMarked = (element: Element | null) => {
      if (element === null) return false
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      const { bottom, top, width } = element.getBoundingClientRect()
      return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0 && width > 1 && bottom > 0 && top < innerHeight
    }
    return !isMarked(focused) && !isMarked(focused.closest('label'))
  }, place)
}
