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
  memo: '供所有人閱讀的文字（OP_RETURN）',
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
    burnt: '一個文字輸出（OP_RETURN）含有金額：它會永遠消失，誰也得不到。',
    nobody: '有一個輸出永遠無人能花費：其中的金額會永遠消失。',
    anybody: '有一個輸出任何看到的人都能取走：其中的金額等同遺失。',
    fee: '網路費用超過轉出金額的十分之一。',
    feeToSelf: '網路費用超過所移動的幣的十分之一。',
    expensive: '網路費用達到 0.01 BTC 或更高。',
    rate: '費率遠高於一般水準，請檢查。',
    slow: '費用低於每虛擬位元組 0.1 聰：大多數節點不會轉送這筆付款。',
    locked: (when) => `網路要從${when}起才會接受這筆付款。`,
    waits: '網路要等這些幣存在一段時間之後才會接受這筆付款。',
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
  descriptor: '輸出描述符',
  descriptorQr: '可掃描的輸出描述符',
  origin: (fingerprint) => `指紋 ${fingerprint}，路徑 m`,
  mainDescriptor: '主要地址的輸出描述符',
  mainDescriptorHint: '主要地址不在上面的地址之中。請一併匯入，觀察錢包才看得到付到主要地址的款項。',
}
