import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hant')

export const payment: Texts['payment'] = {
  toSelf: '在錢包內移動比特幣',
  change: '找零回到這個錢包',
  own: (path) => `這個錢包的地址 ${path}`,
  fee: '網路費用',
  feeRate: (rate, size) => `每虛擬位元組 ${rate} 聰，共 ${locale.number(size)} 虛擬位元組`,
  from: '花費的幣',
  satoshi: (amount) => `${amount} 聰`,
  replaceable: '可取代（RBF）',
  isReplaceable: '是：在收入區塊之前，這個錢包可以另簽一筆手續費更高的交易來取代它',
  isFinal: '否：它沒有聲明可被取代',
  notBefore: '在此之前無效',
  block: (number) => `區塊 ${locale.number(number)}`,
  date: (at) => locale.moment(at),
  warnings: {
    unproven:
      '這份 PSBT 沒有附上這些幣的來源交易。製作者可能少報了金額，而少報的部分會全部成為付給網路的費用。只有出自你信任的程式時才簽署，或請對方附上完整的前一筆交易。',
    script: '有一個輸出沒有 Quorate 能顯示的地址，因此改為顯示它的腳本。',
    fee: '網路費用超過轉出金額的十分之一。',
    expensive: '網路費用達到 0.01 BTC 或更高。',
    rate: '費率遠高於一般水準，請檢查。',
    slow: '費用低於每虛擬位元組 1 聰：大多數節點不會轉送這筆付款。',
    locked: '網路要到稍後才會接受這筆付款。',
  },
}

export const typed: Texts['typed'] = {
  title: (type) => `簽署結構化資料：${type}`,
  domain: '提出要求者',
  fields: {
    name: '應用程式（自稱）',
    version: '版本',
    chainId: '網路',
    verifyingContract: '驗證簽名的合約',
    salt: '鹽值',
  },
  empty: '空的',
  emptyText: '空白文字',
  moment: (at) => locale.moment(at),
  farMoment: '晚於西元 9999 年：實際上沒有期限',
  warnings: {
    permit: '有了這個簽名，他人不需要你送出任何交易就能取走這個錢包的代幣。請檢查誰可以動用、數量多少、到何時為止。',
    unlimited: '沒有上限：包含這個錢包現在和日後所有的這種代幣。除非完全信任對方，否則不要簽署。',
    anyChain: '沒有指明網路：這個簽名可能在任何網路上都有效。',
    unknownChain: 'Quorate 不認識這個網路。請確認鏈 ID 就是你要的那一個。',
    noContract: '沒有指明合約：其他應用程式也可能使用這個簽名。',
    hidden: '內容含有看不見的字元，或會改變閱讀方向的字元。它們以 ‹U+…› 的形式顯示。',
  },
}

export const addresses: Texts['addresses'] = {
  title: '更多收款地址',
  lead: '它們與主要地址一樣屬於這個錢包，並由相同的各方簽署。它們用來區分款項，並不是獨立的錢包。',
  show: '顯示地址',
  more: '顯示更多',
  ethereum: (path) => `以太坊地址 ${path}`,
  bitcoin: (path) => `比特幣地址 ${path}`,
  extended: '擴充公鑰（xpub）',
  extendedHint:
    '供僅供觀察的錢包顯示餘額並製作 PSBT（原生隔離見證，地址 m/0/…，找零 m/1/…）。它無法動用任何資金，但持有它的人看得到所有地址。',
}
