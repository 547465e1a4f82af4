import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { axeProblems } from '../support/customer-page.ts'
import { type Desk, startDesk } from '../support/desk.ts'
import { loginAs } from '../support/people.ts'

const open = (page: Page, name: string) => page.locator('.list-pane a', { hasText: name }).first().click()
const answer = (page: Page) => page.getByRole('textbox', { name: 'Reply', exact: true })
const said = (page: Page, text: string) => page.locator('.message', { hasText: text })

describe('the console', () => {
  let desk: Desk
  before(async function () {
    this.timeout(60_000)
    desk = await startDesk()
  })
  after(() => desk?.close())

  it('lets staff in by their password, and says so when it is wrong', async () => {
    const { username, password } = await loginAs(desk.url, 'agent')
    const context = await desk.chrome.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await page.goto(`${desk.settings.publicUrl}/console/orders`)
    assert.deepEqual(await axeProblems(page), [])
    await page.getByLabel('Username or e-mail').fill(username)
    await page.getByLabel('Password', { exact: true }).fill('something else')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor()
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    // Back to where they wanted to be.
    await page.getByRole('heading', { name: 'Orders' }).waitFor()
    await context.close()
  })

  it('says so in Thai to whoever reads Thai', async () => {
    const context = await desk.chrome.newContext({ locale: 'th-TH' })
    const page = await context.newPage()
    await page.goto(`${desk.settings.publicUrl}/console`)
    await page.locator('input').first().fill('nobody')
    await page.locator('input[type=password]').fill('something else')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'รหัสผ่านไม่ถูกต้อง' }).waitFor()
    await context.close()
  })

  it('shows a message as it comes, marks it as unread, and brings the answer to the customer once', async () => {
    const { page, complaints } = await desk.sits()
    await page.getByText('All done').waitFor()
    const user = await desk.writes('มีส้มโอไหมคะ', 'สมหญิง ใจดี')
    const row = page.locator('.list-pane a', { hasText: 'สมหญิง ใจดี' })
    await row.locator('.count').waitFor()
    assert.match(await page.title(), /^\(1\)/)

    await row.click()
    await said(page, 'มีส้มโอไหมคะ').waitFor()
    await page.getByText('New messages').waitFor()
    await row.locator('.count').waitFor({ state: 'detached' })

    await answer(page).fill('มีค่ะ')
    await answer(page).press('Enter')
    await said(page, 'มีค่ะ').getByText('Sent', { exact: true }).waitFor()
    assert.equal(await said(page, 'มีค่ะ').count(), 1)
    assert.equal(desk.heard(user).filter((text) => text === 'มีค่ะ').length, 1)
    assert.deepEqual(await axeProblems(page), [])
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  it('sends nothing while a word is being composed, nor on Shift and Enter', async () => {
    await desk.writes('こんにちは', '田中 さくら')
    const { page } = await desk.sits()
    await open(page, '田中 さくら')
    await answer(page).fill('はい')
    await answer(page).evaluate((area) =>
      area.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }),
      ),
    )
    await answer(page).press('Shift+Enter')
    assert.equal(await answer(page).inputValue(), 'はい\n')
    await page.context().close()
  })

  it('keeps a draft for each conversation, also over a reload', async () => {
    await desk.writes('hello', 'Anan Jaidee')
    await desk.writes('hello', 'Marina Petrova')
    const { page } = await desk.sits()
    await open(page, 'Anan Jaidee')
    await answer(page).fill('for Anan')
    await open(page, 'Marina Petrova')
    await page.getByRole('heading', { name: 'Marina Petrova' }).waitFor()
    assert.equal(await answer(page).inputValue(), '')
    await open(page, 'Anan Jaidee')
    await page.getByRole('heading', { name: 'Anan Jaidee' }).waitFor()
    assert.equal(await answer(page).inputValue(), 'for Anan')
    await page.reload()
    assert.equal(await answer(page).inputValue(), 'for Anan')
    await page.context().close()
  })

  it('keeps a private note among staff', async () => {
    const user = await desk.writes('ขอส่วนลดได้ไหม', 'วิชัย แสงทอง')
    const { page } = await desk.sits()
    await open(page, 'วิชัย แสงทอง')
    await page.getByRole('button', { name: 'Private note' }).click()
    const note = page.getByRole('textbox', { name: 'Private note' })
    await note.fill('ลูกค้าประจำ')
    assert.deepEqual(await axeProblems(page), [])
    await note.press('Enter')
    await said(page, 'ลูกค้าประจำ').getByText('Note by Nok Agent').waitFor()
    await desk.idle()
    assert(!desk.heard(user).includes('ลูกค้าประจำ'))
    await page.context().close()
  })

  it('puts an answer at hand in place of "/" and its shortcut', async () => {
    await desk.writes('ส่งวันไหน', 'ปรียา ทองดี')
    const { page, staff } = await desk.sits()
    await staff.post('/api/canned-replies', {
      shortcut: 'daily',
      text: 'คุณ {name} เราส่งทุกวันค่ะ',
      language: 'th',
    })
    await page.reload()
    await open(page, 'ปรียา ทองดี')
    await answer(page).pressSequentially('/dai')
    await page.getByRole('option').filter({ hasText: '/daily' }).waitFor()
    await answer(page).press('Enter')
    assert.equal(await answer(page).inputValue(), 'คุณ ปรียา ทองดี เราส่งทุกวันค่ะ')
    await page.context().close()
  })

  it('tells each who else looks at a conversation, and who writes', async () => {
    await desk.writes('hi', 'Somsak Dee')
    const nok = await desk.sits({ name: 'Nok Agent' })
    const ploy = await desk.sits({ name: 'Ploy Manager' })
    await open(nok.page, 'Somsak Dee')
    await open(ploy.page, 'Somsak Dee')
    await nok.page.getByText('Ploy Manager is looking at this too').waitFor()
    await answer(ploy.page).fill('one moment')
    await nok.page.getByText('Ploy Manager is writing').waitFor()
    await nok.context.close()
    await ploy.context.close()
  })

  it('goes on after a gap in the network, and neither loses nor doubles a message', async () => {
    const user = await desk.writes('one', 'Suda Rak')
    const { page, context } = await desk.sits()
    await open(page, 'Suda Rak')
    await said(page, 'one').waitFor()
    await context.setOffline(true)
    await page.getByText('The connection is lost').waitFor()
    await answer(page).fill('said in the gap')
    await answer(page).press('Enter')
    await said(page, 'said in the gap').getByText('cannot be reached').waitFor()
    await desk.sandbox.line.say(user.userId, 'two')
    await desk.idle()

    await context.setOffline(false)
    await said(page, 'two').waitFor()
    await said(page, 'said in the gap').getByText('Sent', { exact: true }).waitFor()
    await page.getByText('The connection is lost').waitFor({ state: 'detached' })
    assert.equal(await said(page, 'said in the gap').count(), 1)
    assert.equal(await said(page, 'two').count(), 1)
    assert.equal(desk.heard(user).filter((text) => text === 'said in the gap').length, 1)
    await context.close()
  })

  it('says why a message did not go out, and sends it again', async () => {
    const user = await desk.writes('hi', 'Lamai Suk')
    const { page, complaints } = await desk.sits()
    await open(page, 'Lamai Suk')
    await said(page, 'hi').waitFor()
    desk.sandbox.faults.set('line', 'tokenRevoked', true)
    await answer(page).fill('does it arrive?')
    await answer(page).press('Enter')
    const message = said(page, 'does it arrive?')
    await message.getByRole('button', { name: 'Send again' }).waitFor()
    assert.deepEqual(await axeProblems(page), [])
    desk.sandbox.faults.reset('line')
    await message.getByRole('button', { name: 'Send again' }).click()
    await message.getByText('Sent', { exact: true }).waitFor()
    assert.equal(desk.heard(user).filter((text) => text === 'does it arrive?').length, 1)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  it('shows what is pasted, and sends it as a picture', async () => {
    const user = await desk.writes('ขอดูรูปหน่อยค่ะ', 'Pim Rak')
    const { page, complaints } = await desk.sits()
    await open(page, 'Pim Rak')
    await answer(page).evaluate(async (area) => {
      const canvas = document.createElement('canvas')
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File([blob ?? ''], 'photo.png', { type: 'image/png' }))
      area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await page.locator('.pictures img').waitFor()
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.locator('.message.out', { has: page.getByRole('img', { name: 'Picture' }) }).waitFor()
    await desk.sandbox.line.waitFor(user.userId, ({ message }) => message.type === 'image')
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  it('is worked by keys', async () => {
    await desk.writes('hi', 'Kanya First')
    await desk.writes('hi', 'Kanya Second')
    const { page } = await desk.sits({ path: '/inbox?q=Kanya' })
    await page.locator('.list-pane a').nth(1).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Kanya Second' }).waitFor()
    await page.keyboard.press('r')
    assert(await answer(page).evaluate((area) => area === document.activeElement))
    await answer(page).press('Escape')
    await page.keyboard.press('e')
    await page.getByRole('button', { name: 'Reopen' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search' }).fill('Kanya First')
    await page.getByRole('option').filter({ hasText: 'Kanya First' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Kanya First' }).waitFor()
    await page.context().close()
  })
})
