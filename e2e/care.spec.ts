import { expect, test, type Page } from '@playwright/test'
import { invitationLink } from '../tss-wasm/identity/invitation.ts'
import type { PartyId } from '../tss-wasm/partyId.ts'
import { invitationTo } from '../web/test/doubles.ts'
import { passphrase } from './steps.ts'
import { testPage } from './testPages.ts'

// What the app does around its screens, on in-memory doubles: tabs, locking, languages, leaving.

const address = (wish: string, route = '') => testPage(`screens.html?${wish}#${route}`)

async function openWallet(page: Page, wish = 'wallets=1'): Promise<void> {
  await page.goto(address(wish))
  await page.getByRole('link', { name: /Family savings/ }).click()
}

async function sign(page: Page): Promise<void> {
  await review(page)
  await signWithPassphrase(page)
}

async function signWithPassphrase(page: Page): Promise<void> {
  await page.getByLabel('Passphrase of this wallet', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
}

/** From the page of the wallet. */
async function review(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByRole('radio', { name: 'Ethereum message' }).check()
  await page.getByRole('textbox').fill('The club agrees.')
  await page.getByRole('button', { name: 'Review' }).click()
}

test('one tab at a time works with a wallet: the second waits, or takes over and ends what runs in the first', async ({
  context,
}) => {
  const [first, second, third] = [await context.newPage(), await context.newPage(), await context.newPage()]
  await openWallet(first, 'wallets=1&hold=received share from 2')
  await expect(first.getByTestId('address')).toBeVisible()

  await openWallet(second)
  await expect(second.getByTestId('other-tab')).toContainText('open in another tab')
  await first.getByRole('link', { name: 'Settings' }).click()
  await expect(second.getByTestId('address')).toBeVisible()
  await second.close()

  await first.goBack()
  await sign(first)
  await first.getByTestId('rounds').waitFor()
  await first.getByRole('link', { name: 'Settings' }).click() // what runs keeps the wallet here
  await openWallet(third)
  await expect(third.getByTestId('other-tab')).toBeVisible()
  await third.getByRole('button', { name: 'Use the wallet here' }).click()
  await expect(third.getByTestId('address')).toBeVisible()
  await expect(first.getByText('has ended')).toBeVisible()
  await first.getByRole('link', { name: 'View' }).click()
  await expect(first.getByTestId('other-tab')).toBeVisible() // waits for its turn again
  await third.close()
  await expect(first.getByTestId('failure')).toContainText('Cancelled')
})

test('when nobody is here the screen is cleared, which says that it is no lock, and what was typed is gone', async ({
  page,
}) => {
  await page.clock.install()
  await openWallet(page)
  await page.getByRole('button', { name: 'Check passphrase' }).click()
  await page.getByLabel('Passphrase of this wallet', { exact: true }).fill(passphrase)
  await page.clock.runFor(14 * 60_000)
  await expect(page.getByTestId('locked')).toBeHidden()
  await page.mouse.move(10, 10) // somebody is
  await page.clock.runFor(14 * 60_000)
  await expect(page.getByTestId('locked')).toBeHidden()
  await page.clock.runFor(2 * 60_000)
  await expect(page.getByTestId('locked')).toBeVisible()
  await expect(page.locator('input')).toHaveCount(0)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByTestId('address')).toBeVisible()
  await expect(page.locator('input[type=password]')).toHaveCount(0)
})

test('a wallet that its person keeps unlocked signs without the passphrase until it is locked', async ({ page }) => {
  await openWallet(page)
  await review(page)
  await page.getByLabel('Keep this wallet unlocked').selectOption('For 5 minutes')
  await expect(page.getByText('anyone who uses this device can sign')).toBeVisible()
  await signWithPassphrase(page)
  await page.getByTestId('signed').waitFor()

  await page.getByRole('link', { name: 'Back to the wallet' }).click()
  await expect(page.getByTestId('unlocked')).toContainText('Unlocked until')
  await review(page)
  await expect(page.getByTestId('unlocked')).toBeVisible()
  await expect(page.locator('input[type=password]')).toHaveCount(0)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await page.getByTestId('signed').waitFor()

  await page.getByRole('link', { name: 'Back to the wallet' }).click()
  await page.getByRole('button', { name: 'Lock now' }).click()
  await expect(page.getByTestId('unlocked')).toBeHidden()
  await review(page)
  await expect(page.getByLabel('Passphrase of this wallet', { exact: true })).toBeVisible()
  await expect(page.getByLabel('Keep this wallet unlocked')).toHaveValue('0')
})

test('the passphrase is changed by whoever knows the old one, and only then', async ({ page }) => {
  await openWallet(page)
  const change = async (current: string) => {
    await page.getByLabel('Current passphrase', { exact: true }).fill(current)
    await page.getByLabel('Passphrase', { exact: true }).fill('meadow basalt kettle orbit')
    await page.getByLabel('Repeat the passphrase', { exact: true }).fill('meadow basalt kettle orbit')
    await page.getByRole('button', { name: 'Save the new passphrase' }).click()
  }
  const opens = async (typed: string, answer: RegExp) => {
    await page.getByRole('button', { name: 'Check passphrase' }).click()
    await page.getByLabel('Passphrase of this wallet', { exact: true }).fill(typed)
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await expect(page.getByText(answer)).toBeVisible()
    await page.getByRole('button', { name: 'Close' }).click()
  }
  await page.getByRole('button', { name: 'Change passphrase' }).click()
  await change('not the passphrase')
  await expect(page.getByText('The passphrase is wrong')).toBeVisible()
  await change(passphrase)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await opens(passphrase, /The passphrase is wrong/)
  await opens('meadow basalt kettle orbit', /The passphrase is correct/)
})

test.describe('somebody who reads Chinese', () => {
  test.use({ locale: 'zh-TW' })
  test('is met in it, can switch, and finds the choice again', async ({ page }) => {
    await page.goto(address('wallets=0'))
    await expect(page.getByRole('link', { name: '建立錢包' })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hant')
    await page.getByLabel('語言').selectOption('简体中文')
    await expect(page.getByRole('link', { name: '创建钱包' })).toBeVisible()
    await page.reload()
    await expect(page.getByRole('link', { name: '创建钱包' })).toBeVisible()
    await page.getByRole('link', { name: '设置' }).click()
    await page.getByLabel('语言').selectOption('English')
    await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  })
})

test('leaving in the middle of a ceremony asks first, and at other times does not', async ({ page }) => {
  await openWallet(page, 'wallets=1&hold=received share from 2')
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    void dialog.dismiss()
  })
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.goBack()
  await sign(page)
  await page.getByTestId('rounds').waitFor()
  await page.close({ runBeforeUnload: true })
  await expect.poll(() => asked).toEqual(['beforeunload'])
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByTestId('failure')).toBeVisible()
  const closed = page.waitForEvent('close')
  await page.close({ runBeforeUnload: true })
  await closed
  expect(asked).toEqual(['beforeunload'])
})

test('whoever asked for less motion sees nothing move', async ({ page }) => {
  const pulsing = () =>
    page
      .locator('[aria-current=step] > span')
      .first()
      .evaluate((mark) => mark.getAnimations().length > 0)
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  await openWallet(page, 'wallets=1&hold=received share from 2')
  await sign(page)
  await page.getByTestId('rounds').waitFor()
  expect(await pulsing()).toBe(true)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await expect.poll(pulsing).toBe(false)
  const longest = await page.evaluate(() =>
    Math.max(...[...document.querySelectorAll('*')].map((one) => parseFloat(getComputedStyle(one).transitionDuration))),
  )
  expect(longest, 'seconds that a change of looks takes').toBeLessThan(0.001)
})

test('the wallet shows the outcome of every signing request, also after a reload', async ({ page }) => {
  await openWallet(page)
  await expect(page.getByText('Nothing has been signed')).toBeVisible()
  await sign(page)
  await page.getByRole('link', { name: 'Back to the wallet' }).click()
  await expect(page.getByTestId('history-entry')).toContainText('Message: “The club agrees.”')
  await page.goto(address('wallets=1&requests='))
  await page.getByRole('link', { name: /Requests/ }).click()
  await page.getByRole('link', { name: 'Open the request' }).first().click()
  await page.getByRole('button', { name: 'Reject' }).click()
  await page.getByRole('link', { name: 'Wallets' }).click()
  await page.getByRole('link', { name: /Family savings/ }).click()
  const entries = page.getByTestId('history-entry')
  await expect(entries).toHaveCount(2)
  await expect(entries.first()).toContainText('asked by Ana')
  await expect(entries.first()).toContainText('Rejected')
  await expect(entries.last()).toContainText('with server-1')
  await entries.last().getByText('Details').click()
  await expect(entries.last().locator('code')).toHaveText(/^0x[0-9a-f]{130}$/)
})

test('a part of the app that cannot be loaded is said, and loaded again', async ({ page }) => {
  await page.route('**/Settings-*.js', (route) => route.abort())
  await page.goto(address('wallets=1'))
  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByTestId('broken')).toContainText('could not be displayed')
  await page.unroute('**/Settings-*.js')
  await page.getByRole('button', { name: 'Reload' }).click()
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
})

test('an unfinished wallet becomes one while somebody looks at it, once the others have confirmed', async ({
  page,
}) => {
  await page.clock.install()
  await page.goto(address('wallets=3&settling='))
  await expect(page.getByText('“Club account” was not finished')).toBeVisible()
  await page.clock.runFor(20_000)
  await expect(page.getByText('“Club account” was not finished')).toBeVisible()
  await page.evaluate(() => dispatchEvent(new Event('others-confirm')))
  await page.clock.runFor(20_000)
  await expect(page.getByRole('link', { name: /Club account/ })).toBeVisible()
})

async function lookAtRequest(page: Page, wish: string): Promise<void> {
  await page.goto(address(wish))
  await page.getByRole('link', { name: /Requests/ }).click()
  await page.getByRole('link', { name: 'Open the request' }).first().click()
}

test('whoever mistypes the passphrase of an approval is told beside it, and stays with that request', async ({
  page,
}) => {
  await lookAtRequest(page, 'wallets=1&requests=')
  await page.getByLabel('Passphrase of this wallet', { exact: true }).fill('not the passphrase')
  await page.getByRole('button', { name: 'Approve and sign' }).click()
  await expect(page.getByText('The passphrase is wrong')).toBeVisible()
  await expect(page.getByLabel('Passphrase of this wallet', { exact: true })).toBeFocused()
  await expect(page.getByTestId('request')).toContainText('Ana asks you to sign this')
  await page.getByLabel('Passphrase of this wallet', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Approve and sign' }).click()
  await expect(page.getByTestId('request')).toHaveCount(0)
})

test('requests are counted in the title and on their wallets, and no longer once they are rejected', async ({
  page,
}) => {
  await page.goto(address('wallets=1&requests='))
  await expect(page).toHaveTitle(/^\(2\) Wallets/)
  await expect(page.getByRole('link', { name: /Family savings/ })).toContainText('1 request')
  await page.getByRole('link', { name: /Requests/ }).click()
  await page.getByRole('link', { name: 'Open the request' }).first().click()
  await page.getByRole('button', { name: 'Reject' }).click()
  await expect(page).toHaveTitle(/^\(1\) Requests/)
  await page.getByRole('link', { name: 'Wallets', exact: true }).click()
  await expect(page.getByRole('link', { name: /Family savings/ })).not.toContainText('1 request')
})

test('a rejection that nobody has heard is not called one', async ({ page }) => {
  await lookAtRequest(page, 'wallets=1&requests=&unheard=')
  await page.getByRole('button', { name: 'Reject' }).click()
  await expect(page.getByTestId('failure')).toContainText('The connection was lost')
  await expect(page.getByText('Rejected.')).toHaveCount(0)
  await page.getByRole('link', { name: 'Wallets' }).click()
  await page.getByRole('link', { name: /Family savings/ }).click()
  await expect(page.getByText('Nothing has been signed')).toBeVisible()
})

test('names and amounts of one long word fit a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 })
  const name = 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren'
  const fits = async () => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  }
  await page.goto(address(`wallets=1&requests=&name=${name}`))
  await page.getByRole('link', { name }).waitFor()
  await fits()
  await page.getByRole('link', { name: /Requests/ }).click()
  await page.getByRole('link', { name: 'Open the request' }).first().waitFor()
  await fits()
  await page.getByRole('link', { name: 'Wallets' }).click()
  await page.getByRole('link', { name }).click()
  await page.getByTestId('address').waitFor()
  await fits()
  await page.getByRole('link', { name: 'Sign', exact: true }).click()
  await page.getByRole('radio', { name: 'Ethereum message' }).check()
  await page.getByRole('textbox').fill('A'.repeat(200))
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByTestId('review').waitFor()
  await fits()
  await page.getByLabel('Passphrase of this wallet', { exact: true }).fill(passphrase)
  await page.getByRole('button', { name: 'Sign now' }).click()
  await page.getByRole('link', { name: 'Back to the wallet' }).click()
  await page.getByTestId('history-entry').waitFor()
  await fits()
})

test('at an address where browsers keep nothing safe the app says so, and offers nothing', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'isSecureContext', { value: false })
  })
  await page.goto(address('wallets=1', '/create'))
  await expect(page.getByTestId('insecure')).toContainText('https://')
  await expect(page.locator('main').getByRole('button')).toHaveCount(0)
  await expect(page.locator('input')).toHaveCount(0)
})

test('a double click makes one backup and shows no error', async ({ page }) => {
  await openWallet(page)
  await page.getByRole('link', { name: 'Backup', exact: true }).click()
  const form = page.getByTestId('make-backup')
  await form.getByLabel('Passphrase of this wallet', { exact: true }).fill(passphrase)
  await form.getByLabel('Passphrase for the file', { exact: true }).fill('marble anchor under seven bridges')
  await form.getByLabel('Repeat the passphrase', { exact: true }).fill('marble anchor under seven bridges')
  await expect(form.getByTestId('strength')).toContainText('hard to guess')
  await form.getByRole('button', { name: 'Download the backup' }).dblclick()
  await expect(form.getByText(/The backup is saved as/)).toBeVisible()
  await expect(form.getByRole('alert')).toHaveCount(0)
  await expect(form.getByTestId('strength')).not.toContainText('guess') // of an empty field
})

test('what is preferred in one tab holds in the other, which does not undo it', async ({ context }) => {
  const [first, second] = [await context.newPage(), await context.newPage()]
  for (const page of [first, second]) await page.goto(address('wallets=1', '/settings'))
  await first.getByLabel('Appearance').selectOption('Dark')
  await expect(second.locator('html')).toHaveAttribute('data-theme', 'dark')
  await second.getByLabel('Clear the screen after inactivity').selectOption('5 minutes')
  await first.reload()
  await expect(first.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(first.getByLabel('Clear the screen after inactivity')).toHaveValue('5')
})

test('offline, a part that was not loaded yet is missed by its name, not called a crash', async ({ page }) => {
  await page.route('**/entry.web-*.js', (route) => route.abort('internetdisconnected'))
  await page.goto(testPage('../'))
  await page.getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByTestId('stock')).toHaveText('The last search failed')
  await page.getByRole('link', { name: 'Wallets' }).click()
  await page.getByRole('link', { name: 'Restore a wallet' }).click()
  const file = { name: 'share.json', mimeType: 'application/json', buffer: Buffer.from('{}') }
  await page.getByRole('radio', { name: 'A tss-lib file' }).check()
  await page.getByLabel('File with the share').setInputFiles(file)
  await page.getByLabel('How many sign together').fill('2')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page.getByTestId('failure')).toContainText('could not be loaded')
})

test('an invitation is looked at again after the network failed, without being looked for', async ({ page }) => {
  const link = invitationLink(new URL(testPage('')).origin, invitationTo(2 as PartyId))
  await page.goto(address('unreachable=', '/join'))
  await page.getByLabel('Invitation', { exact: true }).fill(link)
  await page.getByRole('button', { name: 'Open the invitation' }).click()
  await expect(page.getByTestId('failure')).toContainText('The connection was lost')
  await page.evaluate(() => dispatchEvent(new Event('reachable')))
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByTestId('invited')).toBeVisible()
})
