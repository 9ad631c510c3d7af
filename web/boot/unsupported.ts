interface Sentences {
  readonly title: string
  readonly missing: (names: string) => string
  readonly money: string
  readonly now: string
}

// Beside the app's own texts, because a browser that reads these may not be able to read those.
const sentences: Readonly<Record<'en' | 'zh-Hans' | 'zh-Hant', Sentences>> = {
  en: {
    title: 'This browser is too old for Quorate',
    missing: (names) => `Quorate computes on this device and needs what this browser does not have: ${names}.`,
    money: 'Nothing was changed. Wallets that are stored in this browser stay as they are.',
    now: 'Update this browser, or open this address in Chrome or Edge 137, Firefox 130, Safari 18.4, or newer.',
  },
  'zh-Hans': {
    title: '这个浏览器的版本太旧，无法运行 Quorate',
    missing: (names) => `Quorate 在本设备上进行计算，而这个浏览器缺少：${names}。`,
    money: '没有任何改动。保存在这个浏览器里的钱包保持原样。',
    now: '请更新这个浏览器，或用以下浏览器打开本页：Chrome 或 Edge 137、Firefox 130、Safari 18.4，或更新的版本。',
  },
  'zh-Hant': {
    title: '這個瀏覽器的版本太舊，無法執行 Quorate',
    missing: (names) => `Quorate 在這台裝置上進行計算，而這個瀏覽器缺少：${names}。`,
    money: '沒有任何變更。儲存在這個瀏覽器裡的錢包保持原樣。',
    now: '請更新這個瀏覽器，或用以下瀏覽器開啟本頁：Chrome 或 Edge 137、Firefox 130、Safari 18.4，或更新的版本。',
  },
}

function languageOf(tag: string): keyof typeof sentences {
  if (!/^zh/i.test(tag)) return 'en'
  return /hant|tw|hk|mo/i.test(tag) ? 'zh-Hant' : 'zh-Hans'
}

/** Says what is missing instead of starting. Needs nothing of the app: plain elements in the page's own style. */
export function showUnsupported(page: Document, missing: readonly string[]): void {
  const language = languageOf(navigator.language)
  const { title, missing: what, money, now } = sentences[language]
  const main = page.createElement('main')
  main.className = 'unsupported'
  main.setAttribute('role', 'alert')
  main.setAttribute('lang', language)
  const add = (tag: string, text: string) => {
    const element = page.createElement(tag)
    element.textContent = text
    main.appendChild(element)
  }
  add('h1', title)
  add('p', what(missing.join(', ')))
  add('p', money)
  add('p', now)
  const root = page.getElementById('app')
  if (root === null) return
  root.textContent = ''
  root.appendChild(main)
}
