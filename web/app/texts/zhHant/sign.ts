import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hant')

export const sign: Texts['sign'] = {
  title: '簽署',
  with: (name) => `使用「${name}」`,
  what: '你要簽署什麼？',
  kinds: { form: '交易', paste: '貼上的交易', message: '訊息', digest: '原始雜湊值（專家）' },
  network: '網路',
  otherNetwork: '其他網路…',
  chainId: '鏈 ID',
  to: '收款地址',
  toHint: '0x 開頭、後接 40 個十六進位數字的地址。只有要建立合約時才留空。',
  value: (currency) => `金額（${currency}）`,
  nonce: 'Nonce',
  nonceHint: '這個地址在該網路上至今已送出的交易數量。',
  maxFee: '每單位 gas 最高費用（gwei）',
  tip: '其中的優先費（gwei）',
  gas: 'Gas 上限',
  gasHint: '轉帳到個人地址需要 21000。',
  data: '資料',
  dataHint: '0x 開頭的十六進位資料。單純轉帳請留空。',
  paste: '未簽名的交易',
  pasteHint: 'EIP-1559（類型 2），或含有鏈 ID 的舊式交易（EIP-155）；0x 開頭的十六進位，尚未簽名。',
  message: '訊息',
  messageHint: '會以個人訊息（EIP-191）的形式簽署，絕不會被當作交易。',
  digest: '雜湊值',
  digestHint: '32 位元組的十六進位資料，會原封不動地簽署。',
  review: '檢視',
  edit: '修改',
  reviewTitle: '核對簽署內容',
  coSigner: '邀請誰與你共同簽署',
  coSignerHint: (needed) =>
    needed === 1
      ? '還需要一方，由最先核准的一方參與簽署。對方可以在明天之前答覆：請保持這個分頁開啟。'
      : `還需要 ${needed} 方，由最先核准的幾方參與簽署。對方可以在明天之前答覆：請保持這個分頁開啟。`,
  coSignerMissing: (needed) => `請至少選擇 ${needed} 方。`,
  passphrase: '這個錢包的密碼',
  submit: '立即簽署',
  wrong: '內容還有問題',
  invalid: {
    required: '請填寫此欄。',
    integer: '請輸入整數，只能有數字。',
    amount: (decimals) => `請輸入像 1.5 這樣的數字，小數點後最多 ${decimals} 位。`,
    address: '不是地址：應為 0x 加上 40 個十六進位數字。',
    checksum: '字母大小寫不符：很可能有一個字元錯了。請重新複製地址。',
    digest: '應為 32 位元組：64 個十六進位數字。',
    hex: '應為 0x 加上偶數個十六進位數字。',
  },
}

export const blind: Texts['blind'] = {
  title: '沒有人看得出這是什麼',
  text: '原始雜湊值完全看不出它代表什麼。它可能是一筆在任何網路上把這個錢包全部轉走的交易。如果是別人給你的，請不要簽署；只簽署你自己算出來的雜湊值。',
  confirm: (phrase) => `若要繼續，請輸入「${phrase}」`,
  phrase: '我確定盲簽',
}

export const review: Texts['review'] = {
  send: (amount, currency) => `轉出 ${amount} ${currency}`,
  call: (amount, currency) => `呼叫合約，並轉出 ${amount} ${currency}`,
  deploy: '建立合約',
  message: '簽署訊息',
  rawDigest: '簽署原始雜湊值',
  network: '網路',
  chain: (name, id) => `${name}（鏈 ID ${id}）`,
  unknownChain: (id) => `不明的網路，鏈 ID ${id}`,
  to: '收款地址',
  newContract: '無：建立新合約',
  amount: '金額',
  fee: '最高網路費用',
  feeDetail: (gas, price, tip) => `${gas} gas，每單位最高 ${price} gwei，優先費最高 ${tip} gwei`,
  legacyFee: (gas, price) => `${gas} gas，每單位 ${price} gwei（舊式交易）`,
  tokenTitles: {
    transfer: '轉出代幣',
    'transfer-from': '移轉代幣或 NFT',
    approve: '授權他人動用代幣',
    'raise-allowance': '提高他人可動用的代幣額度',
    'approve-all': '授權他人管理所有代幣',
  },
  token: {
    contract: '代幣合約',
    from: '來源地址',
    to: '代幣收款地址',
    spender: '被授權者',
    operator: '獲准管理全部的一方',
    amount: '代幣數量（最小單位），或 NFT 編號',
    unlimited: '無上限',
    allowed: '是否授權',
    yes: '是：這個合約目前和日後的所有代幣',
    no: '否：收回先前的授權',
  },
  nonce: 'Nonce',
  data: '資料',
  none: '無',
  accessList: '存取清單',
  accessListCount: (count) => `${locale.number(count)} 個地址`,
  text: '文字',
  notText: '無法以文字顯示，以下是原始位元組',
  hidden: '內容含有看不見的字元，或會改變閱讀方向的字元。它們以 ‹U+…› 的形式顯示。',
  digest: '實際簽署的雜湊值',
  unsigned: '未簽名的交易',
  wei: (wei) => `${wei} wei`,
  warnings: {
    unknownChain: 'Quorate 不認識這個網路。請確認鏈 ID 就是你要的那一個。',
    deploy: '沒有收款地址：這會建立一個合約。隨附的金額會轉給該合約。',
    call: '這會呼叫一個合約。它要做什麼寫在資料裡；代幣的金額不會顯示在上方。只有信任資料的來源時才簽署。',
    unlimited:
      '這會讓他人動用這個錢包現在和日後所有的這種代幣，而且不必再徵求同意。除非完全信任對方，請只授權所需的數量。',
    approveAll: '這會讓他人移轉這個錢包在此合約中現在和日後的所有代幣。這是竊取 NFT 的常見手法。',
    tokenCall: '這是呼叫代幣合約的方式。請確認該合約確實是你要的代幣：任何人都能做出外觀相同、行為不同的合約。',
    fee: '網路費用可能高於轉出的金額。',
    expensive: '網路費用可能達到 0.1 或更高。請檢查每單位 gas 的費用。',
    gas: 'Gas 上限低於 21000：網路會拒絕這筆交易。',
    hash: '這則訊息長 32 位元組，就像某個你看不到的內容的雜湊值。只有清楚它對應什麼內容時才簽署。',
  },
}

export const signed: Texts['signed'] = {
  title: '已簽署',
  transactionLead: '簽名有效。交易尚未送出：請把原始交易交給節點，或貼到區塊瀏覽器的廣播頁面。',
  messageLead: '簽名有效。請把它交給向你索取的人。',
  raw: '已簽名的原始交易',
  hash: '交易雜湊值',
  signature: '簽名（r、s、v）',
  again: '再簽署其他內容',
  toWallet: '返回錢包',
}

export const requests: Texts['requests'] = {
  title: '簽署請求',
  none: '沒有待決定的請求',
  noneText: '當與你共管錢包的人想要簽署時，請求會出現在這裡。',
  from: (name) => `${name} 提出請求`,
  wallet: (name) => `使用「${name}」`,
  until: (date) => `有效至 ${locale.moment(date)}`,
  look: '查看',
  kinds: {
    'ethereum-transaction': '一筆交易',
    'ethereum-message': '一則訊息',
    'raw-digest': '一個無法解讀的原始雜湊值',
  },
  lead: (name) => `${name} 請你簽署以下內容。只有在你也同意時才核准。`,
  approve: '核准並簽署',
  reject: '拒絕',
  rejected: '已拒絕，並會通知提出請求的人。',
  gone: '這個請求已結束，或已經答覆過了。',
}

export const content: Texts['content'] = {
  refused: (field, rule) => `${field}：${rule}。`,
  rules: {
    'too-long': '太長',
    'wrong-type': '既不是類型 2（EIP-1559），也不是舊式交易',
    'any-chain': '沒有指定網路（EIP-155），可能在任何其他網路上被重送',
    'not-rlp': '已損毀，不是格式正確的 RLP',
    'wrong-field-count': '欄位數量不正確',
    'already-signed': '已經簽過名，請貼上未簽名的交易',
    'not-bytes': '這裡應該是值，卻是列表',
    'not-a-list': '這裡應該是列表，卻是值',
    'leading-zero': '開頭有多餘的零',
    'too-large': '太大',
    'too-small': '太小',
    'wrong-length': '長度不正確',
    'tip-above-maximum': '高於每單位 gas 的最高費用',
    'cost-overflow': '使費用高得不合理',
  },
}

export const networks: Texts['networks'] = {
  test: (name) => `${name}（測試網路）`,
  local: '本機開發網路',
}
