import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hant')

export const welcome: Texts['welcome'] = {
  title: '任何一部裝置都無法單獨動用的錢包',
  lead: 'Quorate 讓以太坊與比特幣錢包的金鑰從一開始就以分片的形式產生，從來沒有完整存在過。你的裝置保管其中一份，其餘由你邀請的人和伺服器參與方保管；要由幾方共同簽署，由你決定。',
  points: [
    ['完整金鑰從不存在', '建立時沒有，簽署時也沒有。竊賊就算偷到一份分片，也簽不了任何東西。'],
    ['所見即所簽', '每筆交易都會先解讀並顯示清楚，才向你索取密碼；與你共同簽署的各方也會再檢查一次。'],
    ['無須信任協調伺服器', '它只負責轉送訊息，讀不到內容，竄改了也一定會被發現。'],
  ],
  create: '建立錢包',
  join: '使用邀請加入',
}

export const wallets: Texts['wallets'] = {
  title: '錢包',
  create: '建立錢包',
  join: '加入',
  createdOn: (date) => `建立於 ${locale.day(date)}`,
  ofParties: (threshold, parties) => `${threshold}/${parties} 共簽`,
  joiningTitle: (name) => `「${name}」正在等待其他成員`,
  joiningText: '這部裝置已有新的分片，但並非每個成員都已確認。Quorate 會自行再詢問；其間什麼都不會遺失。',
  overTitle: (name) => `這部裝置沒有成為「${name}」的成員`,
  overText: '這次變更已經放棄。錢包仍由原來的成員使用，這部裝置上沒有它的任何東西。',
  leftTitle: (name) => `這部裝置不再是「${name}」的成員`,
  leftText: (since) =>
    `其他成員製作了新的分片，這部裝置不在其中${since === undefined ? '' : `（於 ${locale.moment(since)} 得知）`}。它自己的分片已清除。錢包和地址仍在其他成員手中，一切如常。`,
  leftBy: (names) => `新分片由 ${names} 製作，每一位都為此簽了名。這部裝置已核對他們的簽名。`,
  leftMoney:
    '資金仍在原處。這部裝置不能再參與動用它：仍應有份的人，請向其他成員要一個新的位置。它的舊備份對錢包已無用處，應當銷毀：舊分片只要湊夠當時簽名所需的數目，仍是完整的金鑰。',
  forget: '從清單移除',
  unfinishedTitle: (name) => `「${name}」尚未建立完成`,
  unfinishedText:
    '這部裝置已存好自己的分片，但並非各方都已確認。為了避免有人把錢轉進可能不完整的錢包，地址暫不顯示。其他一切不受影響。',
  unfinishedWhat: '如果仍然需要這個錢包，請重新建立一個。確定其他各方都沒有把它顯示為已完成之後，就可以捨棄這一個。',
  discard: '捨棄…',
  discardTitle: '要捨棄這個未完成的錢包嗎？',
  discardText:
    '這部裝置上的分片將永久刪除。如果其他各方手上的錢包其實已經完成，他們以後就只能在缺少這份分片的情況下使用。',
  discardYes: '刪除分片',
  discarded: '已捨棄未完成的錢包。',
}

export const wallet: Texts['wallet'] = {
  address: '以太坊地址',
  addressHint: '在所有與以太坊相容的網路上都相同。',
  addressQr: '以太坊地址的 QR 碼',
  bitcoin: '比特幣地址',
  bitcoinQr: '比特幣地址的 QR 碼',
  bitcoinHint: '出自同一把金鑰（原生隔離見證，主網）。請在僅供觀察的錢包中製作 PSBT 付款，再到這裡簽署。',
  sign: '簽署',
  parties: '分片由誰保管',
  share: (seat) => `分片 ${seat}`,
  policy: (threshold, parties) => `${parties} 方中須有 ${threshold} 方共同簽署`,
  check: '檢查密碼…',
  change: '變更密碼…',
  changeTitle: '變更密碼',
  changeText: '只影響這部裝置上的分片。存放在別處的副本（例如備份）仍使用製作當時的密碼。',
  currentPassphrase: '目前的密碼',
  changeSubmit: '變更',
  changing: '正在以新密碼重新加密你的分片…',
  changed: '新密碼已生效。',
  checkTitle: '檢查你的密碼',
  checkText: '打開這部裝置上的分片，隨即再鎖上。任何資料都不會離開這部裝置。',
  checkSubmit: '檢查',
  checkGood: '密碼正確，這部裝置上的分片完好無缺。',
  checking: '正在打開分片…',
}

export const passkey: Texts['passkey'] = {
  title: '通行密鑰',
  none: '簽署時可用指紋、臉部辨識、PIN 碼或安全金鑰代替輸入密碼。密碼仍然保留：沒有通行密鑰時，密碼一樣能打開分片。',
  add: '新增通行密鑰…',
  added: (date) =>
    `新增於 ${locale.day(date)}。簽署時可用它打開這部裝置上的分片；備份、匯出與變更密碼時，仍會要求輸入密碼。`,
  remove: '移除通行密鑰…',
  notHere: '這個瀏覽器沒有能打開分片的通行密鑰功能（需要支援 PRF 擴充的網頁驗證）。密碼則可以。',
  needsName: '通行密鑰綁定主機名稱，而這個頁面是直接以 IP 位址開啟的。密碼在這裡照常可用。',
  addTitle: '新增通行密鑰',
  addText:
    '先輸入密碼，接著裝置會要求指紋、臉部辨識、PIN 碼或安全金鑰，可能要求兩次。能解鎖這把通行密鑰、又握有這個瀏覽器資料的人，就能使用這部裝置上的分片。',
  addSubmit: '新增',
  adding: '正在打開分片，接著請依裝置的指示操作…',
  isAdded: '從現在起，這把通行密鑰也能打開這個分片。',
  removeTitle: '要移除通行密鑰嗎？',
  removeText: '移除後它就打不開分片了，密碼則一如往常。你的通行密鑰管理程式可能仍會列出它，但它已不能打開任何東西。',
  removeSubmit: '移除',
  removed: '已移除通行密鑰。',
  sign: '用通行密鑰簽署',
  approve: '用通行密鑰核准',
  hint: '使用通行密鑰時不必填寫。',
  goes: '這個錢包的通行密鑰會隨舊密碼一併失效，之後可以重新新增。',
}

export const history: Texts['history'] = {
  title: '簽署記錄',
  none: '這部裝置還沒有用這個錢包簽署過任何內容。',
  what: '內容',
  end: '結果',
  ends: {
    signed: '已簽署',
    rejected: '已拒絕',
    withdrawn: '已撤回',
    expired: '已過期',
    replaced: '已被取代',
    failed: '未簽署',
  },
  search: '搜尋簽署記錄',
  any: '全部',
  nothingFound: '簽署記錄裡沒有這樣的內容。',
  csv: '存成 CSV',
  json: '存成 JSON',
  perhaps: '可能已簽署',
  at: locale.moment,
  askedBy: (name) => `由 ${name} 提出`,
  withOthers: (names) => `與 ${names} 共同簽署`,
  details: '詳細資料',
  all: (count) => `顯示全部 ${locale.number(count)} 筆`,
  message: (text) => `訊息：「${text}」`,
  transaction: (title, to, network) => (to === '' ? `${title} · ${network}` : `${title} → ${to} · ${network}`),
  parties: (seats) => `參與方 ${seats.join('、')}`,
}
