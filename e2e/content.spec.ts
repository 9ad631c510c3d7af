import { expect, test, type Page } from '@playwright/test'
import { encodeFunctionData, erc20Abi, parseAbi } from 'viem'
import { openSign } from './steps.ts'
import { testPage } from './testPages.ts'

// What people paste to be signed, and how it is shown to them, on in-memory doubles.

const vitalik = '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'
const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'

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
    context: { contract: { deployments: [{ chainId: 1, address: usdc }] } },
    metadata: { owner: 'Circle', token: { ticker: 'USDC', decimals: 6 } },
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
    await pasteTransaction(page, { to: usdc, data })
    const review = page.getByTestId('review')
    await expect(review).toContainText('1.5 USDC')
    await expect(review).toContainText('“How much” value')
    await expect(review).toContainText('So says a description of “Circle” that whoever runs this app has put there')
    await expect(review).toContainText('What stands in quotation marks is the word of whoever runs this app')
    await expect(review, 'the amount as it is signed').toContainText('1500000')
    await expect(review).toContainText(data)
  })

  test('is not taken for another contract, nor on another network', async ({ page }) => {
    await open(page, { describes: JSON.stringify(token) })
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [vitalik, 1_500_000n] })
    for (const other of [{ to: vitalik }, { to: usdc, chainId: 10 }]) {
      await pasteTransaction(page, { data, ...other })
      await expect(page.getByTestId('review')).toContainText('1500000')
      await expect(page.getByTestId('review')).not.toContainText('USDC')
      await page.getByRole('button', { name: 'Edit' }).click()
    }
  })

  test('hides nothing, and is no word of ours, however it is written', async ({ page }) => {
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
