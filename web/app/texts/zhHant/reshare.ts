import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hant')

export const reshare: Texts['reshare'] = {
  title: '變更裝置、成員或分片',
  lead: '地址和資金都留在原處，只有分片重新製作。不會向任何網路送出任何東西。',
  open: '變更…',
  changes: {
    replace: {
      title: '更換遺失的裝置',
      lead: '有一部裝置遺失、損壞，或資料已被刪除。由一部新裝置接替。',
      limits: (signing) =>
        `遺失的裝置可能還留有舊分片。單獨一份沒有用處；但 ${signing} 份舊分片，不論來自遺失的裝置或舊備份，仍然等於完整的金鑰。`,
    },
    move: {
      title: '換到新裝置',
      lead: '原本的裝置還在，把位置交給一部新裝置。',
      limits: (signing) =>
        `舊裝置會清除它的分片，並向其他各方聲明。但沒有人能證明沒有留下副本：${signing} 份舊分片，不論來自副本或舊備份，仍然等於完整的金鑰。`,
    },
    members: {
      title: '加入或移除成員',
      lead: '有人加入這個錢包，或者離開。',
      limits: (signing) =>
        `沒有辦法讓人忘掉一份分片：離開的人可能留有副本或備份。單獨一份舊分片沒有用處，但 ${signing} 份仍然等於完整的金鑰。`,
    },
    threshold: {
      title: '變更需要多少方簽署',
      lead: '成員不變，改由另一個數目的成員共同簽署。',
      limits: (signing) => `新的數目只適用於新分片。${signing} 份舊分片，不論來自副本或舊備份，仍然可以簽署。`,
    },
    renew: {
      title: '更新所有分片',
      lead: '成員不變，各自得到新的分片。竊賊手上的舊分片從此與什麼都不相配。',
      limits: (signing) =>
        `如果竊賊手上的舊分片少於 ${signing} 份，更新就有效。如果他已有 ${signing} 份，不論來自裝置或備份，就無濟於事：那就是完整的金鑰。若有這種可能，請把錢轉到新的錢包。`,
    },
  },
  newWallet: '改為把錢轉到新的錢包',
  which: '哪一部裝置',
  lostOne: '遺失的裝置',
  movingOne: '交出位置的裝置',
  choose: '請選擇…',
  newName: '你對新裝置或其使用者的稱呼',
  newNameHint: '你要把邀請送給它。這個稱呼只用於這部裝置。',
  who: '之後由誰保管分片',
  whoHint: '之後要保管分片的每一方，現在都必須在場。',
  part: (name) => `${name} 的去留`,
  parts: {
    stays: '留下',
    helps: '離開，現在還會參與',
    absent: '離開，現在不在場',
  },
  problems: {
    noDevice: '請選擇裝置。',
    noName: '請為每個新成員填上名稱。',
    nothing: '請先加入一個成員，或讓一個成員離開。',
    sameNumber: '請選擇與現在不同的數目。',
    tooFewNow: '參與的現有成員太少：現在需要多少方簽署，就要有多少方在場。',
    tooFew: '錢包至少要有兩方。',
    tooMany: '一個錢包最多 20 方。',
  },
  before: '開始之前',
  there: '誰必須在場',
  thereHint: '所有人要同時開著 Quorate。大家有一小時的時間到齊。',
  leftOut: '誰被排除在外',
  leftOutHint: '之後他們的分片與什麼都不相配。請親自告訴他們；錢包頁面上有一份可以附上的證明。',
  time: '需要多久',
  timeHint: '沒有備妥質數的裝置要先搜尋，可能需要幾分鐘。',
  stays: '什麼不變',
  staysText: (signing) => `地址、資金和歷史記錄。在每個新成員都確認之前，舊分片照常簽署（${signing} 份）。`,
  backups: '備份',
  backupsText: '之後每個成員都要製作新的備份。舊備份與新分片不相配，到時應該銷毀。',
  limits: '做不到的事',
  passphraseHint: '打開這部裝置上的分片，並鎖上新的分片。',
  start: '開始',
  now: '現在',
  afterwards: '之後',
  signing: '簽署',
  members: '成員',
  invited: (name) => `${name}（新成員，以邀請加入）`,
  joins: (name) => `${name}（新成員）`,
  asked: {
    device: (from, wallet) => `${from} 請求更換「${wallet}」的一部裝置`,
    members: (from, wallet) => `${from} 請求變更「${wallet}」的成員`,
    threshold: (from, wallet) => `${from} 請求變更「${wallet}」需要多少方簽署`,
    renewal: (from, wallet) => `${from} 請求更新「${wallet}」的分片`,
  },
  joining: '加入',
  newcomers: (count) => `${count} 個新成員，以邀請加入，或是伺服器`,
  newcomersHint: '運算開始之前，你會看到他們的指紋。',
  youStay: '這部裝置會得到新的分片。各方都確認之後，它會清除舊的分片。',
  youLeave: '這部裝置會交出位置，之後不再是這個錢包的成員。',
  fewerSign: '之後動用資金所需的成員會比現在少。',
  approve: '同意並參與',
  decline: '拒絕',
  declined: '已拒絕，沒有任何變動。',
  doneTitle: '分片已更新',
  done: (name) => `「${name}」有了新的分片，每個成員都已確認自己的一份。地址不變。`,
  joinedTitle: (name) => `你是「${name}」的成員了`,
  joined: '這部裝置保管著一份分片，每個成員都已確認自己的一份。',
  leftTitle: (name) => `這部裝置不再是「${name}」的成員`,
  left: '它已清除自己的分片，並告訴了其他各方。',
  proof: '變更的證明',
  proofSaveText: '給被排除在外、或最後不在場的裝置：它不相信任何人的話，只相信這個檔案。裡面沒有任何機密。',
  proofOpen: '分片是不是在這部裝置不在場時更新了？',
  proofForeign: '這不是這種證明的 QR 碼。',
  proofOpenText:
    '其他成員可以從錢包頁面把證明送給你。如果證明成立，這部裝置就會跟進：換成它的新分片，或離開這個錢包並清除舊分片。否則什麼都不會變動。',
  backupNow: '現在就製作新的備份',
  backupNowText: '之前的備份與新分片不相配。等每個成員都有了新備份，就銷毀舊的：合在一起，它們仍然是完整的金鑰。',
}

export const shares: Texts['shares'] = {
  title: '現在的分片',
  since: '啟用時間',
  at: (date) => locale.moment(date),
  joined: '當時加入的成員',
  backup: '這份分片的備份',
  backupMade: (date) => `製作於 ${locale.moment(date)}`,
  backupMissing: '這部裝置尚未製作',
  backupOthers: '其他人做了什麼備份，這裡並不知道。請問他們。',
  old: '舊的分片',
  erased: (name) => `${name}：已清除`,
  inBackups: (name, until) => `${name}：已清除，但在伺服器的備份中留到 ${locale.day(until)}`,
  silent: (name) => `${name}：沒有消息，已遺失或不在場`,
  tooFew: (count, signing) =>
    count === 0
      ? '依各裝置簽署的聲明，已經一份不剩。個人保存的備份不算在內。'
      : `依各裝置簽署的聲明，最多還剩 ${count} 份，而簽署需要 ${signing} 份。個人保存的備份不算在內。`,
  enough: (count, signing) =>
    `可能還剩 ${count} 份，而其中 ${signing} 份仍然等於完整的金鑰。沒有人能證明一份分片已不存在。`,
}
