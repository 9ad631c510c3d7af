import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hant')

export const create: Texts['create'] = {
  title: '建立錢包',
  name: '名稱',
  nameHint: '給你和其他各方辨認用，例如「家庭儲蓄」。伺服器參與方也看得到。',
  nameMissing: '請為錢包取一個名稱。',
  nameLong: '最多 60 個字元。',
  who: '分片由誰保管',
  whoHint: '每一方保管一份分片，沒有人持有完整的金鑰。',
  you: '保管分片 1，以你的密碼加密',
  server: '伺服器參與方，全年無休。保管一份分片，依照既定政策參與簽署',
  personName: (number) => `第 ${number} 位的名稱`,
  personHint: '你對這個人的稱呼，只有你看得到。',
  personMissing: '請為每個人填上名稱。',
  invite: '邀請一個人',
  remove: (name) => `移除 ${name}`,
  fingerprint: '指紋：',
  tooFew: '錢包至少要有兩方：請加入一個伺服器參與方或一個人。',
  tooMany: '一個錢包最多 20 方。',
  threshold: '多少方共同簽署',
  ofParties: (threshold, parties) => `${parties} 方簽 ${threshold}`,
  serversAlone: (threshold) => `單憑伺服器就能動用這筆錢：其中 ${threshold} 方就夠了，不需要你或其他任何人。`,
  serversAloneNow: (safe, parties) =>
    safe === parties
      ? `選 ${parties} 方簽 ${safe}，沒有你就什麼都簽不了。這樣每一份分片都缺一不可，請做好備份，或者先邀請一個人。`
      : `選 ${parties} 方簽 ${safe}，沒有人參與就什麼都簽不了。`,
  choose: (threshold, parties) => `選擇 ${parties} 方簽 ${threshold}`,
  meaningTitle: (threshold, parties) => `${parties} 方簽 ${threshold} 對你的錢意味著什麼`,
  meaning: (threshold, parties) => {
    const shares = (count: number) => (count === 1 ? '1 份分片' : `最多 ${count} 份分片`)
    const spare = parties - threshold
    return [
      [`${shares(threshold - 1)}被偷`, '竊賊無法簽署。請儘早更新所有分片，被偷的分片隨即失效。'],
      spare === 0
        ? ['1 份分片遺失', '這筆錢再也沒有人能動用。若要容許遺失，請減少簽署方數。']
        : [`${shares(spare)}遺失`, '其餘各方仍可簽署，也能更換遺失的裝置。請在下一份遺失之前更換。'],
      ...(spare === 0 ? [] : [[`${spare + 1} 份分片遺失`, '這筆錢再也沒有人能動用。'] as const]),
      [
        `${threshold} 方聯手`,
        spare === 0
          ? '那就是全體：少了任何一方，什麼都簽不了。'
          : '他們不必經過其他人就能簽署。誰掌握這麼多份分片，誰就掌握這筆錢，所以請分給不同的人保管。',
      ],
    ]
  },
  passphrase: '密碼',
  passphraseHint: '用來打開這部裝置上的分片。沒有人能夠重設。',
  repeat: '再輸入一次密碼',
  different: '兩次輸入的密碼不同。',
  weak: {
    short: '至少需要 10 個字元。',
    weak: '這個密碼不夠難猜。請用幾個互不相關的詞組成。',
    unmeasured: '這裡無法估計密碼的強度。請至少使用 20 個字元。',
  },
  show: '顯示',
  hide: '隱藏',
  strength: '強度',
  strengths: ['極易猜中', '容易猜中', '稍難猜中', '難以猜中', '極難猜中'],
  submit: '建立錢包',
  noServers: '沒有設定伺服器參與方',
  noServersText: '你可以和自己邀請的人一起建立錢包。',
  preparing: (found) => `正在背景準備：4 個大質數已找到 ${found} 個。你可以先填寫表單。`,
  busy: '另一個多方運算正在進行。請等它結束，或先將它取消。',
}

export const created: Texts['created'] = {
  title: '你的錢包已就緒',
  lead: (name) => `「${name}」已建立，各方都確認存好了自己的分片。`,
  next: '把錢轉進來之前',
  asking: '瀏覽器可能正在詢問是否允許 Quorate 在此保留資料。請選擇允許，以免這份金鑰份額被刪除。',
  evictable:
    '這個瀏覽器沒有承諾保留這部裝置上的分片。多使用 Quorate 一陣子，或將它安裝到裝置上，會比較容易獲准；製作備份也能預防遺失。',
  code: '大家比對過的檢查碼：',
  care: ['先用小額試一次：轉一點進來，再轉回去。', '牢記密碼，它無法重設。'],
}

export const invitations: Texts['invitations'] = {
  share: '分享…',
  shareLabel: (name) => `分享給 ${name} 的邀請`,
  mail: '寫郵件…',
  mailLabel: (name) => `寫一封郵件，附上給 ${name} 的邀請`,
  subject: '加入錢包的邀請',
  message: (name) =>
    `${name}，透過這個連結，你可以加入我們共同持有的錢包。它只給你一個人，請勿轉發。請儘快開啟，一小時內有效。`,
  title: '邀請',
  lead: '請透過你信任的管道，把各自的邀請交給每個人。拿到邀請的人可以入席，但只能用一次。',
  link: (name) => `給 ${name} 的邀請`,
  qr: (name) => `給 ${name} 的邀請 QR 碼`,
  show: '顯示 QR 碼',
  until: (date) => `有效至 ${locale.time(date)}`,
  revoke: '更換',
  revokeLabel: (name) => `更換給 ${name} 的邀請`,
  revoked: '舊的邀請已失效，由新的邀請取代。',
  here: '已到',
  awaited: '未到',
  refused: (name) =>
    `有其他人試圖使用給 ${name} 的邀請，已遭拒絕。如果 ${name} 表示邀請不能用，代表來的人不對：請更換這份邀請。`,
}

export const codes: Texts['codes'] = {
  title: '核對檢查碼',
  lead: '打電話給其他人，把檢查碼唸出來。所有人看到的必須相同；如果不同，就表示有人從中作梗。',
  match: '檢查碼一致',
  differ: '不一致',
  who: '參與者',
  you: '這部裝置',
  wallet: '錢包名稱',
  policy: '簽名規則',
  creator: '（發起人）',
}

export const join: Texts['join'] = {
  title: '加入錢包',
  lead: '與你一起建立錢包的人給了你一份邀請：可能是連結、一段文字或 QR 碼。',
  paste: '邀請',
  pasteHint: '邀請連結，或包含它的整段訊息。',
  look: '查看',
  image: '從圖片讀取 QR 碼',
  camera: '用相機掃描 QR 碼',
  stopCamera: '關閉相機',
  cameraView: '相機畫面',
  noQr: '這張圖片裡沒有可以讀取的 QR 碼。',
  noCamera: '無法使用相機。請允許這個頁面使用相機，或改用圖片或連結。',
  invited: (name) => `你受邀加入「${name}」`,
  policy: '錢包',
  ofParties: (threshold, parties) => `${parties} 方中須有 ${threshold} 方共同簽署`,
  existing: '已有的錢包',
  existingHint: '這部裝置會成為它的成員。請向邀請你的人確認這是不是它的地址。',
  before: '在此之前',
  seat: '你的分片',
  seatOf: (seat, parties) => `第 ${seat} 份，共 ${parties} 份`,
  by: '邀請人',
  byHint: '邀請你的那部裝置的身分指紋。請對方唸出自己的指紋（在「設定」中）來核對。',
  expires: '有效期限',
  date: locale.moment,
  taken: '已經有人用這份邀請來過了。如果不是你，請告訴邀請你的人。',
  inHistory:
    '瀏覽器會把這個連結留在歷史記錄裡。請現在就加入：加入之後，別人無法再用它。貼上文字或掃描 QR 碼則不留痕跡。',
  passphraseLead: '為這部裝置要保管的分片設定一個密碼。',
  submit: '加入',
  another: '使用另一份邀請',
}
