import type { Sample } from './sample.ts'
import * as sample from './sample.ts'
import { categories, products } from './thailand-goods.ts'

const settings: Sample['settings'] = {
  ...sample.settings,
  name: 'บ้านส้มโอ',
  country: 'TH',
  currency: 'THB',
  zone: 'Asia/Bangkok',
  language: 'th',
  languages: ['th', 'en'],
  hours: sample.daily('08:00', '22:00'),
  greeting:
    'สวัสดีค่ะ 🙏 ยินดีต้อนรับสู่บ้านส้มโอ ของอร่อยและของดีจากสวนทั่วไทย อยากได้อะไรพิมพ์บอกได้เลยนะคะ หรือกด “สินค้า” ด้านล่างค่ะ',
  awayMessage: 'ตอนนี้ร้านปิดแล้วค่ะ เปิดทุกวัน 8:00–22:00 น. ฝากข้อความไว้ได้เลย เราจะรีบตอบทันทีที่เปิดร้านนะคะ',
  vatPercent: 7,
  vatId: '0105561234567',
  limits: sample.limits(200_000, 500_000),
  contact: {
    phone: '02 123 4567',
    email: 'hello@bansomo.example',
    address: '88 ซอยอารีย์ 4 แขวงพญาไท เขตพญาไท กรุงเทพฯ 10400',
    url: '',
  },
  policy:
    'สินค้าชำรุดหรือไม่ตรงตามสั่ง แจ้งภายใน 7 วันพร้อมรูปถ่าย เราเปลี่ยนของใหม่หรือคืนเงินเต็มจำนวน ผลไม้สดรับคืนภายใน 2 วันหลังได้รับ',
}

const stores = sample.stores([
  { name: 'หน้าร้านอารีย์', address: '88 ซอยอารีย์ 4 พญาไท กรุงเทพฯ 10400' },
  { name: 'คลังนนทบุรี', address: '19/3 ถนนสนามบินน้ำ เมืองนนทบุรี 11000' },
])

const greaterBangkok = ['10', '11', '12']

/** The first rule that an order meets gives the price, so the special ones come first. */
const couriers = sample.couriers([
  {
    name: 'ไปรษณีย์ไทย EMS',
    rules: [
      { postcodes: [], from: 150_000, price: 0 },
      { postcodes: greaterBangkok, from: 0, price: 4_000 },
      { postcodes: [], from: 0, price: 6_000 },
    ],
    days: 2,
    trackingUrl: 'https://track.thailandpost.co.th/?trackNumber={tracking}',
  },
  {
    name: 'Flash Express',
    rules: [
      { postcodes: greaterBangkok, from: 0, price: 4_500 },
      { postcodes: [], from: 0, price: 7_500 },
    ],
    days: 1,
    trackingUrl: 'https://www.flashexpress.co.th/fle/tracking?se={tracking}',
  },
  {
    name: 'แมสเซนเจอร์บ้านส้มโอ (เลือกเวลาได้)',
    rules: [
      { postcodes: greaterBangkok, from: 200_000, price: 5_000 },
      { postcodes: greaterBangkok, from: 0, price: 9_000 },
    ],
    days: 0,
    slots: true,
  },
])

const points = sample.points([
  {
    name: 'หน้าร้านอารีย์ (BTS อารีย์ ทางออก 3)',
    address: '88 ซอยอารีย์ 4 แขวงพญาไท เขตพญาไท กรุงเทพฯ 10400',
    hours: 'ทุกวัน 8:00–20:00',
  },
  {
    name: 'จุดรับของสามย่าน',
    address: 'ชั้น G ตลาดสามย่าน ถนนพญาไท เขตปทุมวัน กรุงเทพฯ 10330',
    hours: 'จันทร์–เสาร์ 10:00–19:00',
  },
  {
    name: 'จุดรับของนิมมาน เชียงใหม่',
    address: '12 ถนนนิมมานเหมินท์ ซอย 9 เมืองเชียงใหม่ 50200',
    hours: 'ทุกวัน 9:00–18:00',
  },
])

const replies: Sample['replies'] = [
  { shortcut: 'hello', language: 'th', text: 'สวัสดีค่ะ บ้านส้มโอยินดีให้บริการ สนใจสินค้าตัวไหนสอบถามได้เลยนะคะ' },
  {
    shortcut: 'hello',
    language: 'en',
    text: 'Hello, and welcome to Baan Som-O! What can we get for you today?',
  },
  {
    shortcut: 'ship',
    language: 'th',
    text: 'ส่งด่วนในกรุงเทพฯ เลือกช่วงเวลาได้ค่ะ ต่างจังหวัด 2 วันทำการ สั่งครบ 1,500 บาทส่ง EMS ฟรีค่ะ',
  },
  {
    shortcut: 'ship',
    language: 'en',
    text: 'We deliver in Bangkok in the hours you choose, and anywhere in Thailand in 2 days. EMS is free from ฿1,500.',
  },
  { shortcut: 'pay', language: 'th', text: 'ชำระได้ทั้งพร้อมเพย์และบัตรเครดิตค่ะ กดปุ่มในการ์ดสั่งซื้อด้านบนได้เลยนะคะ' },
  {
    shortcut: 'pay',
    language: 'en',
    text: 'You can pay by PromptPay or card: just tap the button on the order card above.',
  },
  { shortcut: 'thanks', language: 'th', text: 'ขอบคุณมากค่ะ ได้รับของแล้วรีวิวให้เราชื่นใจหน่อยนะคะ 🧡' },
  {
    shortcut: 'thanks',
    language: 'en',
    text: 'Thank you so much! We would love to hear how you liked it. 🧡',
  },
]

/** บ้านส้มโอ in Bangkok: fruit, tea and crafts. */
export const thailand: Sample = { settings, stores, couriers, points, replies, categories, products }
