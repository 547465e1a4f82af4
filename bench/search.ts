import mongoose from 'mongoose'
import { searchTermsOf } from '../models/search.ts'
import { Products, productSearchText } from '../models/store.ts'
import { loginAs } from '../test/support/people.ts'
import { aConversation } from '../test/support/story.ts'
import { connectTo, type Send } from './support/connection.ts'
import { judge, printTable, showSpread, spread } from './support/figures.ts'
import { startShop } from './support/shop.ts'

const products = 10_000
const asked = 60

/** Words as customers type them: inside names, at their beginning, single letters, and what is not there. */
const words = {
  Thai: ['ดอกลำไย', 'น้ำผึ้ง', 'ผ้าไหม', 'เชียงใหม่', 'ก', 'กา', 'ไม่มีของนี้'],
  Japanese: ['抹茶', 'はちみつ', 'ハチミツ', '玄米茶', '茶', 'ジャム', 'ありません'],
  Latin: ['honey', 'tea cup', 'so', 'a', 'BEN-4711', 'nothing like it'],
}
const names = {
  Thai: ['น้ำผึ้งดอกลำไย', 'ผ้าไหมทอมือ', 'กาแฟดริปดอยช้าง', 'ถ้วยชาศิลาดล เชียงใหม่', 'สบู่มะขามขมิ้น'],
  Japanese: [
    '宇治抹茶入り玄米茶',
    '国産みかんのはちみつ',
    'マンゴージャム',
    '青磁の湯呑み',
    '手織りふろしき',
  ],
  Latin: ['Wild honey', 'Celadon tea cup', 'Tamarind soap', 'Silk scarf', 'Drip coffee'],
}

/** Search among 10,000 products over HTTP, as staff and as a customer in the catalogue, one after another. */
export async function search(): Promise<void> {
  const shop = await startShop()
  const { send, close } = connectTo(shop.url, 1)
  try {
    await fill()
    const staff = await loginAs(shop.url, 'agent')
    const cookie = [...staff.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const customer = await openCatalogue(send, cookie)
    const rows: string[][] = []
    let slowest = 0
    for (const script of Object.keys(words) as (keyof typeof words)[]) {
      const byStaff = await ask(send, (q) => `/api/products?q=${q}`, cookie, script)
      const byCustomer = await ask(send, (q) => `${customer.path}?q=${q}`, customer.cookie, script)
      rows.push([script, ...showSpread(byStaff), ...showSpread(byCustomer)])
      slowest = Math.max(slowest, byStaff.p95, byCustomer.p95)
    }
    console.log(`Search among ${products} products (ms)\n`)
    printTable(['', 'staff p50', 'p95', 'p99', 'customer p50', 'p95', 'p99'], rows)
    judge('the slowest p95 of a search', slowest, 'ms', { most: 50 })
    console.log()
  } finally {
    close()
    await shop.end()
  }
}

async function fill(): Promise<void> {
  const all = Object.values(names).flat()
  const at = new Date()
  const rows = Array.from({ length: products }, (_, index) => {
    const name = `${all[index % all.length]} ${index}`
    const variants = [{ sku: `BEN-${index}`, name: '' }]
    const searchText = productSearchText({ name, variants })
    return {
      _id: new mongoose.Types.ObjectId(),
      number: 100_000 + index,
      kind: 'GOODS',
      name,
      description: '',
      category: null,
      prices: { THB: 10_000 + index },
      variants,
      images: [],
      searchText,
      searchTerms: searchTermsOf(searchText),
      priceVersion: 1,
      hidden: false,
      version: 0,
      createdAt: at,
      updatedAt: at,
    }
  })
  await Products.collection.insertMany(rows as never)
}

async function openCatalogue(send: Send, staff: string): Promise<{ path: string; cookie: string }> {
  const link = await send(
    'POST',
    `/api/conversations/${await aConversation()}/catalog/link`,
    undefined,
    staff,
  )
  const opened = await send('POST', `${new URL(link.body.url).pathname}/browse`)
  return { path: `/api/catalogue/${opened.body.id}/goods`, cookie: opened.cookie ?? '' }
}

async function ask(send: Send, path: (q: string) => string, cookie: string, script: keyof typeof words) {
  const times: number[] = []
  for (let round = 0; round < asked; round += 1) {
    for (const word of words[script]) {
      const { status, milliseconds } = await send('GET', path(encodeURIComponent(word)), undefined, cookie)
      if (status !== 200) throw new Error(`a search was answered with ${status}`)
      // The first rounds warm the database's cache up.
      if (round > 4) times.push(milliseconds)
    }
  }
  return spread(times)
}
