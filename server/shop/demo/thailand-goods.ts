import { colours, plain, roasts, type SampleProduct } from './sample.ts'

export const categories = ['ผลไม้และของว่าง', 'ชา กาแฟ และน้ำผึ้ง', 'ของใช้ในบ้าน', 'ของขวัญ']
const [snacks, drinks, home, gifts] = [0, 1, 2, 3] as const

/** What the sample shop sells. Prices contain VAT. */
export const products: SampleProduct[] = [
  {
    key: 'pomelo',
    category: snacks,
    name: 'ส้มโอขาวน้ำผึ้ง นครปฐม',
    description:
      'ส้มโอตัดสดจากสวนนครชัยศรี เนื้อแห้ง หวานอมเปรี้ยว แกะง่าย น้ำหนักประมาณ 1.2 กก. ต่อลูก เก็บในตู้เย็นได้ 2 สัปดาห์',
    price: 12_000,
    variants: plain('POM-01', 18, 60),
  },
  {
    key: 'mango',
    category: snacks,
    name: 'มะม่วงน้ำดอกไม้อบแห้ง',
    description: 'มะม่วงสุกจากต้น อบลมร้อนช้า ๆ ไม่เติมน้ำตาล เคี้ยวหนึบกำลังดี ถุงซิปล็อก 100 กรัม',
    price: 9_900,
    variants: plain('MAN-100', 0, 0),
  },
  {
    key: 'jam',
    category: snacks,
    name: 'แยมมะม่วงเสาวรส',
    description: 'กวนหม้อเล็กทุกเช้าวันอังคาร เนื้อผลไม้ 65% หวานน้อย ทาขนมปังหรือตักกินกับโยเกิร์ตก็อร่อย ขวด 200 กรัม',
    price: 14_500,
    variants: plain('JAM-200', 12, 36),
  },
  {
    key: 'rice',
    category: snacks,
    name: 'ข้าวหอมมะลิใหม่ สุรินทร์ 5 กก.',
    description: 'ข้าวต้นฤดูจากกลุ่มชาวนาอินทรีย์สุรินทร์ หอมนุ่ม หุงขึ้นหม้อ แพ็กสุญญากาศ 5 กิโลกรัม',
    price: 25_000,
    variants: plain('RICE-5', 6, 40),
  },
  {
    key: 'honey',
    category: drinks,
    name: 'น้ำผึ้งดอกลำไย เชียงใหม่',
    description: 'น้ำผึ้งแท้จากสวนลำไยแม่ริม ไม่ผ่านความร้อน สีทองใส หอมดอกไม้ เหมาะชงกับมะนาวยามเช้า',
    price: 15_000,
    variants: [
      { sku: 'HON-250', name: '250 มล.', stock: [10, 30] },
      { sku: 'HON-500', name: '500 มล.', prices: { THB: 28_000 }, stock: [6, 20] },
      { sku: 'HON-1000', name: '1 ลิตร', prices: { THB: 52_000 }, stock: [2, 8] },
    ],
  },
  {
    key: 'tea',
    category: drinks,
    name: '抹茶入り玄米茶 ชาข้าวคั่วมัทฉะ',
    description:
      '京都・宇治の抹茶と香ばしい玄米をあわせたお茶。 ชาเขียวข้าวคั่วผสมมัทฉะจากอุจิ ชงร้อนหรือเย็นก็หอม ซองละ 100 กรัม',
    price: 32_000,
    others: { JPY: 1_400, USD: 900 },
    variants: plain('TEA-GEN', 8, 16),
  },
  {
    key: 'coffee',
    category: drinks,
    name: 'กาแฟดริปดอยช้าง 10 ซอง',
    description: 'อาราบิก้าเต็มเมล็ดจากดอยช้าง เชียงราย คั่วใหม่ทุกสัปดาห์ ฉีกซองแล้วรินน้ำร้อนได้เลย',
    price: 26_000,
    others: { JPY: 1_150, USD: 750 },
    variants: roasts('COF', ['คั่วอ่อน', 'คั่วกลาง', 'คั่วเข้ม']),
  },
  {
    key: 'cloth',
    category: home,
    name: 'ผ้าขาวม้าทอมือ ราชบุรี',
    description: 'ฝ้ายทอกี่กระทบ นุ่มขึ้นทุกครั้งที่ซัก ขนาด 80 × 180 ซม. ใช้คลุมไหล่ ปูโต๊ะ หรือห่อของขวัญ',
    price: 39_000,
    variants: colours('CLO', ['แดง', 'คราม', 'เขียว']),
  },
  {
    key: 'cup',
    category: home,
    name: 'ถ้วยชาศิลาดล เชียงใหม่',
    description: 'เคลือบขี้เถ้าไม้ สีเขียวไข่กา ลายแตกรานไม่ซ้ำกันสักใบ จุ 180 มล. เข้าไมโครเวฟได้',
    price: 59_000,
    others: { JPY: 2_600, USD: 1_700 },
    variants: plain('CUP-180', 5, 12),
  },
  {
    key: 'soap',
    category: home,
    name: 'สบู่มะขามขมิ้น',
    description: 'สบู่กวนเย็นจากน้ำมันมะพร้าว มะขามเปียก และขมิ้น ก้อนละ 90 กรัม',
    price: 4_500,
    variants: plain('SOAP-90', 40, 120),
  },
  {
    key: 'basket',
    category: gifts,
    name: 'กระเช้าของขวัญบ้านส้มโอ',
    description: 'น้ำผึ้ง 500 มล. แยม กาแฟดริป ชา และถ้วยศิลาดลหนึ่งคู่ จัดในตะกร้าสานไม้ไผ่ ผูกโบ เขียนการ์ดให้ฟรี',
    price: 249_000,
    variants: plain('GIFT-01', 2, 5),
  },
  {
    key: 'hat',
    category: gifts,
    name: 'หมวกสานใบลาน',
    description: 'รุ่นใหม่สำหรับหน้าร้อน ยังไม่เปิดขาย',
    price: 35_000,
    variants: plain('HAT-01', 0, 20),
    hidden: true,
  },
]
