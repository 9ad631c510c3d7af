import { expect, type Page } from '@playwright/test'
import { encodeFunctionData, erc20Abi, parseAbi } from 'viem'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RawPSBTV0 } from '@scure/btc-signer/psbt.js'
import { keyHashScript } from '../tss-wasm/content/scripts.ts'
import { psbtFrames } from '../tss-wasm/content/ur/psbtUr.ts'
import { psbtOf } from '../tss-wasm/test/content/payments.ts'
import { inFrontOf } from './camera.ts'
import { test } from './sharedPage.ts'
import { fill, openSign, passphrase, paymentPsbt, signNow, walletKey } from './steps.ts'
import { testPage } from './testPages.ts'

// What people paste to be signed, and how it is shown to them, on in-memory doubles.

const vitalik = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
/** A token that nobody knows but the operator. */
const club = '0x5FbDB2315678afecb367f032d93F642f64180aa3'

async function open(page: Page, wish: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.goto(testPage(`screens.html?${new URLSearchParams({ wallets: '1', ...wish }).toString()}`))
  await openSign(page)
}

/** @param kind what is to be signed, as its radio button says */
async function paste(page: Page, kind: string, label: string, text: string): Promise<void> {
  await page.getByRole('radio', { name: kind }).check()
  await page.getByLabel(label, { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Review' }).click()
}

const pasteTransaction = (page: Page, fields: object) => {
  const fees = { chainId: 1, nonce: 7, gas: 200_000, maxFeePerGas: '30000000000', maxPriorityFeePerGas: '1' }
  return paste(page, 'Pasted transaction', 'Unsigned transaction', JSON.stringify({ ...fees, ...fields }))
}

test.describe('what the operator says of a contract (ERC-7730)', () => {
  const token = {
    context: { contract: { deployments: [{ chainId: 1, address: club }] } },
    metadata: { owner: 'The club', token: { ticker: 'CLUB', decimals: 6 } },
    display: {
      formats: {
        'transfer(address to,uint256 value)': {
          intent: 'Pay',
          fields: [{ path: 'value', label: 'How much', format: 'tokenAmount', params: { tokenPath: '@.to' } }],
        },
      },
    },
  }

  test('names the amount of a token in its own unit, as somebody’s word, beside what is signed', async ({ page }) => {
    await open(page, { describes: JSON.stringify(token) })
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [vitalik, 1_500_000n] })
    await pasteTransaction(page, { to: club, data })
    const review = page.getByTestId('review')
    await expect(review).toContainText('1.5 CLUB')
    await expect(review).toContainText('“How much” value')
    await expect(review).toContainText('So says a description of “The club” that whoever runs this app has put there')
    await expect(review).toContainText('What stands in quotation marks is the word of whoever runs this app')
    await expect(review, 'the amount as it is signed').toContainText('1 500 000')
    await expect(review).toContainText(data)
  })

  test('is not taken for another contract, nor on another network', async ({ page }) => {
    await open(page, { describes: JSON.stringify(token) })
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [vitalik, 1_500_000n] })
    for (const other of [{ to: vitalik }, { to: club, chainId: 10 }]) {
      await pasteTransaction(page, { data, ...other })
      await expect(page.getByTestId('review')).toContainText('1 500 000')
      await expect(page.getByTestId('review')).not.toContainText('CLUB')
      await page.getByRole('button', { name: 'Edit' }).click()
    }
  })

  test('hides nothing, and is never shown as our own statement', async ({ page }) => {
    const hostile = {
      context: { contract: { deployments: [{ chainId: 1, address: usdc }] } },
      metadata: { owner: 'Quorate\u202e' },
      display: {
        formats: {
          'take(address from,uint256 all,bytes secret)': {
            intent: 'Get a gift',
            excluded: ['all', 'secret'],
            fields: [
              { path: 'from', label: 'constructor' },
              { path: 'all', label: 'owner', visible: 'never' },
            ],
          },
        },
      },
    }
    await open(page, { describes: JSON.stringify(hostile) })
    const abi = parseAbi(['function take(address from,uint256 all,bytes secret)'])
    const data = encodeFunctionData({ abi, args: [vitalik, 123_456_789n, '0x5ec4e7'] })
    await pasteTransaction(page, { to: usdc, data })
    const review = page.getByTestId('review')
    await expect(review.getByRole('heading', { level: 2 })).toHaveText('Call a contract, sending 0 ETH')
    for (const shown of [
      vitalik,
      '123456789',
      '0x5ec4e7',
      '“Get a gift”',
      '“constructor”',
      '“owner”',
      'Quorate‹U+202E›',
    ])
      await expect(review).toContainText(shown)
  })
})

test.describe('what dapps hand over', () => {
  test('without network, nonce and fee fills the form, and the network is asked for', async ({ page }) => {
    await open(page)
    const dapp = { from: undefined, to: vitalik, value: '0x16345785d8a0000', data: '0x1234' }
    await paste(page, 'Pasted transaction', 'Unsigned transaction', JSON.stringify(dapp))
    await expect(page.getByText('This is what you pasted. Fill in what it does not say.')).toBeVisible()
    const network = page.getByLabel('Network', { exact: true })
    await expect(network.locator('option:checked')).toHaveText('Choose …')
    await expect(page.getByLabel('Recipient', { exact: true })).toHaveValue(vitalik)
    await expect(page.getByLabel('Amount in the network’s coin', { exact: true })).toHaveValue('0.1')
    await fill(page, {
      ...{ Nonce: '0', 'Max fee per gas (gwei)': '30', 'Max priority fee (gwei)': '1', 'Gas limit': '60000' },
    })
    await page.getByRole('button', { name: 'Review' }).click()
    await expect(network).toHaveAttribute('aria-invalid', 'true')
    await network.selectOption('BNB Smart Chain')
    await page.getByRole('button', { name: 'Review' }).click()
    await expect(page.getByTestId('review')).toContainText('Call a contract, sending 0.1 BNB')
  })

  test('as a link fills recipient, amount and network, also one that is on no list', async ({ page }) => {
    await open(page)
    const recipient = page.getByLabel('Recipient', { exact: true })
    await recipient.fill(`ethereum:${vitalik}@100?value=2.5e18`)
    await expect(recipient).toHaveValue(vitalik)
    await expect(page.getByLabel('Network', { exact: true }).locator('option:checked')).toHaveText('Gnosis')
    await expect(page.getByLabel('Amount in xDAI', { exact: true })).toHaveValue('2.5')
    await recipient.fill(`ethereum:${vitalik}@987654321`)
    await expect(page.getByLabel('Chain ID', { exact: true })).toHaveValue('987654321')
    await fill(page, { Nonce: '0', 'Max fee per gas (gwei)': '30', 'Max priority fee (gwei)': '1' })
    await page.getByRole('button', { name: 'Review' }).click()
    await expect(page.getByTestId('review')).toContainText('Send 2.5 of the network’s coin')
    await expect(page.getByTestId('review')).toContainText('Quorate does not know this network.')
  })

  test('as hex for personal_sign is asked about: the bytes, or the characters', async ({ page }) => {
    await open(page)
    await page.getByRole('radio', { name: 'Ethereum message' }).check()
    await page.getByLabel('Message', { exact: true }).fill('hello')
    await expect(page.getByText('It is hex. What is signed?')).toBeHidden()
    await page.getByLabel('Message', { exact: true }).fill('0x48656c6c6f')
    await expect(page.getByText('It is hex. What is signed?')).toBeVisible()
    await page.getByRole('button', { name: 'Review' }).click()
    const text = page.getByTestId('review').getByRole('region', { name: 'Text' })
    await expect(text).toHaveText('Hello')
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByRole('radio', { name: 'Its characters as they are' }).check()
    await page.getByRole('button', { name: 'Review' }).click()
    await expect(text).toHaveText('0x48656c6c6f')
  })

  test('with line ends of Windows is signed as it is, and says so', async ({ page }) => {
    await open(page)
    await page.getByRole('radio', { name: 'Ethereum message' }).check()
    await page.getByLabel('Message', { exact: true }).evaluate((field) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'one\r\ntwo')
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await expect(page.getByText('Its line ends are those of Windows (CRLF)')).toBeVisible()
    await page.getByRole('button', { name: 'Review' }).click()
    const review = page.getByTestId('review')
    await expect(review.getByRole('region', { name: 'Text' })).toHaveText('one‹U+000D›\ntwo')
    await expect(review).toContainText('8 bytes, 2 lines')
  })

  test('beyond what is signed is named, and not shown as if it were', async ({ page }) => {
    await open(page)
    const data = {
      types: { 'App:Vote': [{ name: 'motion', type: 'uint64' }] },
      primaryType: 'App:Vote',
      domain: { name: 'App', chainId: 1, verifyingContract: usdc },
      message: { motion: 7, type: 'a gift', amount: '1' },
    }
    await paste(page, 'Typed data', 'Typed data', JSON.stringify(data))
    await expect(
      page.getByText('Not signed, because it is no part of this: message.type, message.amount'),
    ).toBeVisible()
    await expect(page.getByTestId('review')).not.toContainText('gift')
    await expect(page.getByTestId('review')).toContainText(
      `Nobody here knows what this does. The contract ${usdc} decides`,
    )
  })

  test('with names that objects have of their own is shown with these names', async ({ page }) => {
    await open(page)
    const data = {
      types: {
        EIP712Domain: [
          { name: 'toString', type: 'string' },
          { name: 'constructor', type: 'string' },
        ],
        Vote: [{ name: 'valueOf', type: 'string' }],
      },
      primaryType: 'Vote',
      domain: { toString: 'one', constructor: 'two' },
      message: { valueOf: 'three' },
    }
    await paste(page, 'Typed data', 'Typed data', JSON.stringify(data))
    for (const name of ['toString', 'constructor', 'valueOf'])
      await expect(page.getByTestId('review').getByText(name).first()).toBeVisible()
  })
})

test('“Sign now” waits until the end of a long text was on the screen', async ({ page }) => {
  await open(page)
  await page.getByRole('radio', { name: 'Ethereum message' }).check()
  const words = Array.from({ length: 120 }, (_, i) => `Line ${i} of what I like.`).join('\n')
  await page.getByLabel('Message', { exact: true }).fill(`${words}\nAll my coins go to Eve.`)
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByLabel('Passphrase of this wallet', { exact: true }).fill(passphrase)
  const [sign, unread] = [
    page.getByRole('button', { name: 'Sign now' }),
    page.getByText('Scroll to its end before you sign.'),
  ]
  await expect(unread).toBeVisible()
  await expect(sign).toBeDisabled()
  const text = page.getByRole('region', { name: 'Text' })
  await text.evaluate((frame) => {
    frame.scrollTo(0, frame.scrollHeight / 2)
  })
  await expect(sign).toBeDisabled()
  await text.evaluate((frame) => {
    frame.scrollTo(0, frame.scrollHeight)
  })
  await expect(sign).toBeEnabled()
  await expect(unread).toBeHidden()
})

test('four hundred empty lines hide nothing', async ({ page }) => {
  await open(page)
  await page.getByRole('radio', { name: 'Ethereum message' }).check()
  await page.getByLabel('Message', { exact: true }).fill(`I like this site.${'\n'.repeat(400)}All my coins go to Eve.`)
  await page.getByRole('button', { name: 'Review' }).click()
  const text = page.getByTestId('review').getByRole('region', { name: 'Text' })
  await expect(text).toHaveText('I like this site.‹U+000A ×400›\nAll my coins go to Eve.')
  await expect(page.getByTestId('review')).toContainText('401 lines')
  await expect(page.getByRole('button', { name: 'Sign now' })).toBeEnabled()
})

test('code for an account (EIP-7702) is shown as the danger that it is', async ({ page }) => {
  await open(page)
  const authorization = JSON.stringify({ chainId: 0, address: usdc, nonce: 3 })
  await paste(page, 'Pasted transaction', 'Unsigned transaction', authorization)
  const review = page.getByTestId('review')
  await expect(review).toContainText(
    'It puts code into THIS account. Whoever wrote that code can take everything it has',
  )
  await expect(review).toContainText('It holds on every network')
  await expect(review).toContainText(usdc)
})

test.describe('a new contract', () => {
  const data = '0x600a600c600039600a6000f3602a60005260206000f3'

  test('that is sent an amount may keep it, and the words say so', async ({ page }) => {
    await open(page)
    await pasteTransaction(page, { data, value: '1000000000000000000' })
    await expect(page.getByTestId('review')).toContainText('The amount goes to the new contract, which may keep it')
  })

  test('without code is refused: the amount would be locked up', async ({ page }) => {
    await open(page)
    await pasteTransaction(page, { value: '1000000000000000000' })
    await expect(page.getByRole('alert')).toContainText('the amount would be locked up for ever')
    await expect(page.getByTestId('review')).toBeHidden()
  })
})

test.describe('a PSBT', () => {
  test('from another program’s animated QR code is read by the camera, also from its later frames', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quorate-camera-'))
    const { count, at } = psbtFrames(paymentPsbt(undefined, {}))
    expect(count, 'frames that are the whole').toBeGreaterThan(2)
    // None of the first ones, which are the fragments themselves: what the camera sees is mixed.
    const mixed = Array.from({ length: 3 * count }, (_, i) => at(count + i))
    const browser = await inFrontOf(mixed, folder)
    try {
      const page = await (await browser.newContext({ permissions: ['camera'] })).newPage()
      await open(page)
      await page.getByRole('radio', { name: 'Bitcoin payment' }).check()
      await page.getByRole('button', { name: 'Read a QR code with the camera' }).click()
      await expect(page.getByLabel('PSBT', { exact: true })).toHaveValue(/^cHNidP/)
      await page.getByRole('button', { name: 'Review' }).click()
      await expect(page.getByTestId('review')).toContainText('Send 0.08 BTC')
    } finally {
      await browser.close()
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('of many coins says how many signatures it takes, and about how long', async ({ page }) => {
    await open(page)
    const coins = Array.from({ length: 25 }, (_, i) => ({ path: [0, i], amount: 10_000n }))
    const psbt = psbtOf(walletKey, coins, [{ script: keyHashScript(walletKey), amount: 240_000n }])
    await paste(page, 'Bitcoin payment', 'PSBT', Buffer.from(psbt).toString('base64'))
    await expect(page.getByText('It takes 25 signatures, one after the other: about 13 s.')).toBeVisible()
  })

  test('that is signed is shown as an animated QR code, frame after frame', async ({ page }) => {
    await open(page)
    await paste(page, 'Bitcoin payment', 'PSBT', Buffer.from(paymentPsbt(undefined, {})).toString('base64'))
    await signNow(page)
    await page.getByText('Show as animated QR code').click()
    await expect(page.getByText(/^Frame \d+; \d+ are the whole$/)).toBeVisible()
    await expect(page.getByText(/^Frame ([2-9]|\d{2,}); \d+ are the whole$/)).toBeVisible()
  })

  test('that does not pay whom it is meant for is refused by that', async ({ page }) => {
    await open(page)
    await page.getByRole('radio', { name: 'Bitcoin payment' }).check()
    const payee = page.getByLabel('Who is to be paid (optional)', { exact: true })
    await page.getByLabel('PSBT', { exact: true }).fill(Buffer.from(paymentPsbt()).toString('base64'))
    await payee.fill('bitcoin:BC1Q9VZA2E8X573NCZRLZMS0WVX3GSQJX7VAVGKX0L?amount=0.08')
    await page.getByRole('button', { name: 'Review' }).click()
    await expect(page.getByText('This PSBT pays nothing to that address.')).toBeVisible()
    await payee.fill('')
    await page.getByRole('button', { name: 'Review' }).click()
    await expect(page.getByTestId('review')).toContainText('Send 0.08 BTC')
  })

  test('that signs a message is recognised as one, and the message can be signed by itself', async ({ page }) => {
    await open(page)
    const raw = RawPSBTV0.decode(paymentPsbt())
    Object.assign(raw.global, { genericSignedMessage: new TextEncoder().encode('I owe Eve') })
    await paste(page, 'Bitcoin payment', 'PSBT', Buffer.from(RawPSBTV0.encode(raw)).toString('base64'))
    await expect(page.getByRole('alert')).toContainText('is no payment but a message to sign (BIP-322)')
    await paste(page, 'Bitcoin message', 'Message', 'I owe Eve')
    await expect(page.getByTestId('review').getByRole('region', { name: 'Text' })).toHaveText('I owe Eve')
    await expect(page.getByTestId('review')).toContainText('Signed by the Bitcoin addressbc1q')
  })

  test('in a file that is too large is named with its size', async ({ page }) => {
    await open(page)
    await page.getByRole('radio', { name: 'Bitcoin payment' }).check()
    await page.getByLabel('Open a PSBT file', { exact: true }).setInputFiles({
      ...{ name: 'huge.psbt', mimeType: 'application/octet-stream', buffer: Buffer.alloc(9 * 1024 * 1024) },
    })
    await expect(page.getByText('“huge.psbt” is too large for a PSBT: at most 4 MB.')).toBeVisible()
  })
})
