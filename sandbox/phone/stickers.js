// Stickers of our own: one small parcel with many moods. Whatever sticker id arrives is drawn as one of them.

const FACES = {
  happy: '<path d="M37 56q5 -7 10 0M73 56q5 -7 10 0"/><path d="M48 66q12 14 24 0" fill="#fff"/>',
  thanks: '<path d="M37 55q5 6 10 0M73 55q5 6 10 0"/><path d="M52 67q8 6 16 0"/><path d="M52 96l8 -9 8 9" />',
  love: '<path d="M42 60c-9 -6 -6 -13 0 -9c6 -4 9 3 0 9zM78 60c-9 -6 -6 -13 0 -9c6 -4 9 3 0 9z" fill="#e4576b" stroke="#e4576b"/><path d="M50 67q10 9 20 0"/>',
  okay: '<path d="M42 53v6M73 56h10"/><path d="M52 67q8 6 16 0"/><path d="M92 70l6 7 12 -15" stroke="#128a4c" stroke-width="5"/>',
  sorry:
    '<path d="M37 53l10 4M83 53l-10 4"/><path d="M52 72q8 -7 16 0"/><path d="M84 62q5 8 0 11q-5 -3 0 -11z" fill="#7fc4ea" stroke="#4a9ac8"/>',
  cry: '<path d="M37 57q5 5 10 0M73 57q5 5 10 0"/><path d="M52 74q8 -9 16 0"/><path d="M40 62v16M80 62v16" stroke="#4a9ac8" stroke-width="5"/>',
  wow: '<circle cx="42" cy="55" r="4.500" fill="#3a2c20"/><circle cx="78" cy="55" r="4.500" fill="#3a2c20"/><circle cx="60" cy="71" r="6" fill="#fff"/><path d="M20 30l6 8M100 30l-6 8M60 14v9" stroke="#e2a53b"/>',
  sleep:
    '<path d="M37 57q5 4 10 0M73 57q5 4 10 0"/><path d="M54 70h12"/><path d="M90 34h10l-10 11h10M104 20h7l-7 8h7" stroke="#6b7fa3"/>',
}

/** The stickers that the phone offers, with the words LINE would send along. */
export const STICKERS = [
  { packageId: '1', stickerId: '1', mood: 'happy', keywords: ['happy', 'hello'] },
  { packageId: '1', stickerId: '2', mood: 'thanks', keywords: ['thank you', 'ขอบคุณ'] },
  { packageId: '1', stickerId: '3', mood: 'love', keywords: ['love', 'รัก'] },
  { packageId: '1', stickerId: '4', mood: 'okay', keywords: ['ok', 'ตกลง'] },
  { packageId: '1', stickerId: '5', mood: 'sorry', keywords: ['sorry', 'ขอโทษ'] },
  { packageId: '1', stickerId: '6', mood: 'cry', keywords: ['cry', 'ร้องไห้'] },
  { packageId: '1', stickerId: '7', mood: 'wow', keywords: ['surprised', 'ว้าว'] },
  { packageId: '1', stickerId: '8', mood: 'sleep', keywords: ['good night', 'ฝันดี'] },
]

/** The picture of a sticker, as an element. */
export function drawSticker({ stickerId }, label) {
  const { mood } = STICKERS[(Number(stickerId) - 1 + STICKERS.length) % STICKERS.length] ?? STICKERS[0]
  const holder = document.createElement('span')
  holder.className = 'sticker'
  holder.setAttribute('role', 'img')
  holder.setAttribute('aria-label', `${label}: ${mood}`)
  holder.innerHTML = `<svg viewBox="0 0 120 120" fill="none" stroke="#3a2c20" stroke-width="3.500" stroke-linecap="round" stroke-linejoin="round">
<ellipse cx="60" cy="108" rx="34" ry="5" fill="#000" opacity=".1" stroke="none"/>
<path d="M38 100v6M82 100v6" stroke-width="5"/>
<path d="M22 44h76v50a8 8 0 0 1 -8 8h-60a8 8 0 0 1 -8 -8z" fill="#e8bd84"/>
<path d="M22 44l10 -14h56l10 14z" fill="#d6a566"/><path d="M52 30h16l2 14v12h-20v-12z" fill="#f6e3bd" stroke="none" opacity=".9" transform="translate(0 -1)"/>
<circle cx="33" cy="68" r="5" fill="#ef9a86" stroke="none"/><circle cx="87" cy="68" r="5" fill="#ef9a86" stroke="none"/>
${FACES[mood]}</svg>`
  return holder
}
