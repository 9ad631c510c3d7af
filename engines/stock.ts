import type { WebDriver } from 'selenium-webdriver'
import { stockScript } from '../e2e/stockedPage.ts'
import { saveData } from '../tss-wasm/test/fixtures.ts'

let bundled: Promise<string> | undefined

/** The pre-parameters of these fixtures (0 to 4) in this browser's stock, so that it searches for none. */
export async function stock(driver: WebDriver, url: string, fixtures: readonly number[]): Promise<void> {
  bundled ??= stockScript()
  await driver.get(`${url}/favicon.svg`) // of the app's origin, and not the app, which would begin to search
  const sets = JSON.stringify(fixtures.map(saveData), (_key, value: unknown) =>
    typeof value === 'bigint' ? `bigint ${value}` : value,
  )
  const failure = await driver.executeAsyncScript<string | null>(
    `${await bundled}
    const [sets, done] = arguments
    const revive = (_key, value) => (/^bigint \\d+$/.test(value) ? BigInt(value.slice(7)) : value)
    quorateStock.stock(JSON.parse(sets, revive)).then(() => done(null), (error) => done(String(error)))`,
    sets,
  )
  if (failure !== null) throw new Error(failure)
}
