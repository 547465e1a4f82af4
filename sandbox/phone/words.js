// The phone speaks the language of the person who holds it: Thai, or English for everybody else.

const TH = {
  messages: 'ข้อความ',
  today: 'วันนี้',
  yesterday: 'เมื่อวานนี้',
  read: 'อ่านแล้ว',
  typing: 'กำลังพิมพ์',
  write: 'พิมพ์ข้อความ',
  send: 'ส่ง',
  sendPicture: 'ส่งรูปภาพหรือไฟล์',
  stickers: 'สติกเกอร์',
  location: 'ส่งตำแหน่ง',
  menu: 'เมนู',
  openMenu: 'เปิดเมนู',
  closeMenu: 'ปิดเมนู',
  keyboard: 'แป้นพิมพ์',
  people: 'ผู้คน',
  close: 'ปิด',
  reload: 'โหลดใหม่',
  openOutside: 'เปิดในเบราว์เซอร์',
  addFriend: 'เพิ่มเพื่อน',
  notFriend: 'ยังไม่ได้เพิ่มเป็นเพื่อน',
  block: 'บล็อก',
  unblock: 'เลิกบล็อก',
  isBlocked: 'คุณบล็อกบัญชีนี้แล้ว',
  followed: 'คุณเพิ่มบัญชีนี้เป็นเพื่อนแล้ว',
  blocked: 'คุณบล็อกบัญชีนี้',
  unblocked: 'คุณเลิกบล็อกบัญชีนี้',
  unsend: 'ยกเลิกการส่ง',
  unsent: 'คุณยกเลิกข้อความ',
  welcome: 'ทักทายร้านได้เลย',
  copied: 'คัดลอกแล้ว',
  calling: 'กำลังโทรไปยัง',
  sticker: 'สติกเกอร์',
  picture: 'รูปภาพ',
  video: 'วิดีโอ',
  audio: 'เสียง',
  file: 'ไฟล์',
  card: 'การ์ด',
  offline: 'การเชื่อมต่อขาดหาย กำลังเชื่อมต่อใหม่…',
  choose: 'เลือก',
  cancel: 'ยกเลิก',
  official: 'บัญชีทางการ',
  getStarted: 'เริ่มต้นใช้งาน',
}

const EN = {
  messages: 'Messages',
  today: 'Today',
  yesterday: 'Yesterday',
  read: 'Read',
  typing: 'is typing',
  write: 'Enter a message',
  send: 'Send',
  sendPicture: 'Send a picture or file',
  stickers: 'Stickers',
  location: 'Send a location',
  menu: 'Menu',
  openMenu: 'Open the menu',
  closeMenu: 'Close the menu',
  keyboard: 'Keyboard',
  people: 'People',
  close: 'Close',
  reload: 'Reload',
  openOutside: 'Open in the browser',
  addFriend: 'Add friend',
  notFriend: 'Not a friend yet',
  block: 'Block',
  unblock: 'Unblock',
  isBlocked: 'You blocked this account',
  followed: 'You added this account as a friend',
  blocked: 'You blocked this account',
  unblocked: 'You unblocked this account',
  unsend: 'Unsend',
  unsent: 'You unsent a message',
  welcome: 'Say hello to the shop',
  copied: 'Copied',
  calling: 'Calling',
  sticker: 'Sticker',
  picture: 'Picture',
  video: 'Video',
  audio: 'Sound',
  file: 'File',
  card: 'Card',
  offline: 'Connection lost. Reconnecting…',
  choose: 'Choose',
  cancel: 'Cancel',
  official: 'Official account',
  getStarted: 'Get started',
}

let current = EN
let locale = 'en'

export function speak(language) {
  current = language?.startsWith('th') ? TH : EN
  locale = language?.startsWith('th') ? 'th-TH' : 'en-GB'
}

export const t = (key) => current[key] ?? key

export const clockTime = (at) =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(at)

/** Today, yesterday, or the date with its weekday. */
export function dayName(at) {
  const days = Math.round((startOfDay(Date.now()) - startOfDay(at)) / 86_400_000)
  if (days === 0) return t('today')
  if (days === 1) return t('yesterday')
  return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' }).format(at)
}

export const startOfDay = (at) => new Date(at).setHours(0, 0, 0, 0)
