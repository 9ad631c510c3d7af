import type { Texts } from '../en.ts'

export const told: Texts['told'] = {
  waits: '有一個請求等你處理。',
  title: '通知',
  granted: '有請求到來而你在看別處時，瀏覽器會通知你。',
  denied: '瀏覽器被設為不顯示通知。可以在瀏覽器的網站設定裡更改。',
  default: '有請求到來而你在看別處時通知你。通知不會說是哪個錢包、什麼內容。',
  allow: '允許通知',
  waiting: (count) => `${count} 個請求`,
}
