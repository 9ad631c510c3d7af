import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hant')

export const app: Texts['app'] = {
  name: 'Quorate',
  language: '語言',
  languageFailed: '無法載入這個語言。請檢查網路連線後再選一次。',
  skip: '跳到主要內容',
  navigation: '主選單',
  ceremony: '多方運算',
  wallets: '錢包',
  settings: '設定',
  requestCount: (count) => (count === 0 ? '簽署請求' : `簽署請求（${locale.number(count)}）`),
  running: (name) => `「${name}」的多方運算正在進行。`,
  ended: (name) => `「${name}」的多方運算已結束。`,
  view: '查看',
  close: '關閉',
  cancel: '取消',
  copy: '複製',
  saveAs: (what) => `儲存：${what}`,
  copied: '已複製',
  copyFailed: '瀏覽器不允許複製。請選取文字後手動複製。',
  loading: '載入中…',
  offline: '目前沒有網路連線。',
  offlineRunning: '連線恢復後，進行中的工作會自動繼續。請不要關閉這個分頁。',
  offlineIdle: '你的錢包仍在這裡；建立錢包與簽署需要連線。',
  silent: '協調伺服器沒有回應。',
  silentIdle: '你的錢包仍在這裡；建立錢包與簽署需要協調伺服器。會自動持續重試。',
  unheard: '其他人的簽署請求無法送達這部裝置。',
  unheardWhy: '協調伺服器拒絕轉送。請檢查這部裝置的日期與時間是否正確；會自動持續重試。',
  tryAgain: '再試一次',
  technical: '技術細節',
  and: locale.list,
  notFound: '這個網址沒有內容',
  notFoundHint: '錢包可能是在另一個瀏覽器建立的，或是連結不完整。',
  broken: '無法顯示這個頁面',
  brokenHint: '請檢查網路連線，然後重新載入。你的錢包和資金都維持原狀。',
  reload: '重新載入',
  insecure: 'Quorate 無法在這個網址運作',
  insecureWhat:
    '只有途中無人能竄改的頁面，瀏覽器才允許它加密並保護所存的資料：也就是 https:// 開頭的網址，或就在這部電腦上（http://localhost）。',
  insecureNow: '沒有任何變動。請改用 https:// 網址開啟 Quorate；可以向架設的人詢問，或請對方設定一個。',
  toWallets: '前往錢包列表',
  dismiss: '收起',
  thisDevice: '這部裝置',
  party: (seat) => `參與方 ${seat}`,
  bytes: (count) => `${locale.number(count)} 位元組`,
}

export const version: Texts['version'] = {
  offersTitle: (name) => `Quorate 有新版本：${name}`,
  sameKey: '它與你正在使用的版本由同一把金鑰簽署。',
  bothUnsigned: '它沒有簽署，你正在使用的版本也沒有。請向營運這個網址的人確認是否做過更改。',
  otherKeyTitle: '這個網址上的應用程式被其他人更改了',
  otherKey: (name) => `版本 ${name} 由另一把金鑰簽署，與你正在使用的版本不同。`,
  unsigned: (name) => `版本 ${name} 沒有簽署，而你正在使用的版本有簽署。`,
  differsTitle: '這個網址傳送的應用程式被改動過',
  differs: (files) => `其中一些檔案與它聲明的建置不一致：${files}。`,
  money: '這個瀏覽器仍在執行你一直使用的版本，你的錢包沒有任何變化。',
  ask: '不要在其他裝置上用這個網址輸入密碼。繼續之前，請先詢問營運它的人。',
  use: '使用新版本',
  useAnyway: '仍然使用',
  failed: '新版本未能儲存。請檢查網路連線後重試。',
}

export const theme: Texts['theme'] = { label: '外觀', system: '跟隨系統', light: '淺色', dark: '深色' }

export const settings: Texts['settings'] = {
  title: '設定',
  lockAfter: '無人使用時清空畫面',
  lockHint:
    '分片每次用完都會立即關閉。清空畫面時還會清除已輸入但尚未送出的內容。這不是鎖定：使用這部裝置的人不需密碼就能再次看到名稱、地址和簽署記錄。簽署一律需要密碼。',
  lockNever: '永不',
  device: '這部裝置',
  fingerprint: '身分指紋',
  fingerprintHint: '把它唸出來，對方就能確認正在往來的確實是這部裝置上的 Quorate。',
  stock: '備妥的質數',
  stockHint: '為下一個新錢包預先算好的大質數，以加密方式保存。每組只使用一次。',
  stockReady: (sets) => `已備妥 ${locale.number(sets)} 組`,
  stockSearching: (found) => `搜尋中：已找到 ${found}／4 個`,
  stockFailed: '上一次搜尋失敗',
  stockUnknown: '尚未開始',
  stockMake: '立即準備',
  kernel: '運算核心',
  kernels: { 'relaxed-simd': 'WebAssembly（relaxed SIMD）', portable: 'WebAssembly（通用版）' },
  unknown: '不明',
  version: '版本',
  protocol: '協定',
  servers: '已綁定的伺服器參與方',
  serversHint: '隨這個應用程式一起提供。若其中任何一方出示的金鑰不同，該次多方運算就會遭到拒絕。',
  storage: '儲存空間',
  persistent: '會一直保留，直到你自己刪除',
  evictable: '磁碟空間不足時，瀏覽器可能會刪除資料',
  persist: '請瀏覽器保留資料',
  lacking: '這個瀏覽器沒有的功能',
  lackingHint: 'Quorate 沒有它們也能運作。',
  persistRefused: '瀏覽器沒有答應。多使用一陣子，或將這個應用程式安裝到裝置上，會比較容易獲准。',
}

export const coordinators: Texts['coordinators'] = {
  label: '協調伺服器',
  chooseTitle: '選擇協調伺服器',
  choose:
    '這個網址只提供應用程式本身。協調伺服器在錢包的各參與方之間傳遞訊息，看不到任何金鑰。請選擇其他參與方所用的那一個。',
  hint: '只有你能更改它。簽名請求只會透過這台裝置所用的協調伺服器送達，請與其他參與方約定使用同一個。',
  use: '使用這個協調伺服器',
  chosen: (origin) => `這台裝置現在使用 ${origin}。`,
  underWay: '這台裝置正在建立錢包或簽名時，不能更改協調伺服器。',
  otherTitle: '這個邀請屬於另一個協調伺服器',
  other: (origin, ours) => `邀請屬於 ${origin}，而這台裝置使用 ${ours}。`,
  useOther: (origin) => `從現在起使用 ${origin}`,
}

export const duration: Texts['duration'] = {
  seconds: (count) => `${locale.number(count)} 秒`,
  minutes: (count) => `${locale.number(count)} 分鐘`,
}

export const tabs: Texts['tabs'] = {
  elsewhere: '這個錢包已在另一個分頁開啟',
  taken: '另一個分頁已接手這個錢包',
  why: '同一時間只能有一個分頁使用錢包，以免重複答覆或同時變更。',
  wait: '另一個分頁放開之後，這裡會自動開啟。如果由這裡接手，那邊正在進行的簽署會被取消。',
  takeBack: '這裡原本正在進行的動作已經取消，除非當時已無法取消。',
  takeOver: '在這裡使用',
}

export const locked: Texts['locked'] = {
  title: '畫面已清空',
  text: '有一段時間無人使用，已輸入但尚未送出的內容已清除。沒有任何分片處於開啟狀態。名稱、地址和簽署記錄不需密碼即可再次顯示；簽署需要密碼。',
  running: '有一個多方運算仍在背景進行。',
  open: '繼續',
}

export const unlocking: Texts['unlocking'] = {
  keep: '保持這個錢包解鎖',
  keepHint: '在此期間，任何使用這部裝置的人都可以用這個錢包簽署和批准。',
  once: '不，每次都詢問',
  minutes: (count) => `${count} 分鐘`,
  until: (time) => `已解鎖至 ${locale.time(time)}`,
  text: '用這個錢包簽署和批准時不需輸入密碼。',
  lock: '立即鎖定',
}

/** Before a share is stored: what becomes of it. */
export const keeping: Texts['keeping'] = {
  title: '你的分片將儲存在這個瀏覽器裡',
  text: '請在一般視窗操作：無痕視窗裡儲存的內容會在關閉視窗時消失。錢包建立後，請製作備份。',
  privateTitle: '這是無痕視窗：關閉它，你的分片就沒了',
  privateText:
    '關閉這個視窗時，瀏覽器會刪除儲存在其中的一切，包括你的分片。請改用一般視窗開啟這個網址。如果要在這裡繼續，請在關閉視窗之前下載備份。',
}
