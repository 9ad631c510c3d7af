import { serveTestPages } from '../web/test/viteServer.ts'

/** The pages of web/test, built and served once for all test files (playwright.config.ts, globalSetup). */
export default async function (): Promise<() => Promise<void>> {
  const server = await serveTestPages()
  process.env['TEST_PAGES'] = server.url
  return async () => {
    await server[Symbol.asyncDispose]()
  }
}

/** Address of a page, `screens.html?wallets=1` for example. */
export function testPage(page: string): string {
  return `${process.env['TEST_PAGES'] ?? ''}/${page}`
}
