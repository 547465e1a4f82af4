import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { createSandbox, type Sandbox } from '../../sandbox/app.ts'
import type { StoredMail } from '../../sandbox/mailbox/index.ts'

describe('the mailbox', () => {
  let sandbox: Sandbox

  before(async () => {
    sandbox = await createSandbox()
  })
  afterEach(() => {
    sandbox.faults.reset()
    sandbox.mailbox.clear()
  })
  after(() => sandbox.close())

  const send = (mail: object) =>
    createTransport(sandbox.smtpUrl).sendMail({
      from: '"ร้านอาหาร" <shop@parley.example>',
      to: 'somchai@example.com',
      ...mail,
    })

  it('decodes subjects, texts and pages in any script', async () => {
    await send({
      subject: 'ใบเสร็จรับเงินสำหรับคำสั่งซื้อหมายเลข 1024 ของคุณสมชาย ใจดี ขอบคุณที่อุดหนุนร้านของเรา 🙏',
      text: 'ยอดรวม ฿269.00 = ชำระแล้ว\n'.repeat(20),
      html: `<p>ยอดรวม <b>฿269.00</b></p><a href="https://shop.example.com/?a=1&amp;b=2">${'ดู'.repeat(200)}</a>`,
    })
    const [mail] = sandbox.mailbox.mails('somchai@example.com')
    assert.equal(mail?.from, '"ร้านอาหาร" <shop@parley.example>'.replaceAll('"', ''))
    assert.match(mail?.subject ?? '', /^ใบเสร็จรับเงิน.*ขอบคุณที่อุดหนุนร้านของเรา 🙏$/)
    assert.equal(mail?.text.trim().split(/\r?\n/).length, 20)
    assert.match(mail?.text ?? '', /^ยอดรวม ฿269.00 = ชำระแล้ว/)
    assert.ok(mail?.html.includes(`">${'ดู'.repeat(200)}</a>`))
  })

  it('still has them after a restart', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-sandbox-'))
    try {
      const first = await createSandbox({ dataDir })
      const attachments = [{ filename: 'a.txt', content: 'hello' }]
      const letter = { from: 'a@b.example', to: 'c@d.example', subject: 'One', text: '1', attachments }
      await createTransport(first.smtpUrl).sendMail(letter)
      await first.close()
      const second = await createSandbox({ dataDir })
      await createTransport(second.smtpUrl).sendMail({ ...letter, subject: 'Two' })
      const found = second.mailbox.mails()
      assert.deepEqual(
        found.map(({ id, subject }) => [id, subject]),
        [
          ['2', 'Two'],
          ['1', 'One'],
        ],
      )
      assert.equal(await (await fetch(`${second.url}/mailbox/1/0`)).text(), 'hello')
      await second.close()
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })

  it('shows a page that belongs to the mail, with its pictures, and runs no script', async () => {
    await send({
      subject: 'Receipt',
      html: '<img src="cid:logo"><script>alert(1)</script>',
      attachments: [
        { filename: 'logo.png', content: Buffer.from('png'), cid: 'logo', contentType: 'image/png' },
        { filename: 'ใบเสร็จ.pdf', content: Buffer.from('%PDF'), contentType: 'application/pdf' },
      ],
    })
    const [mail] = sandbox.mailbox.mails()
    assert.deepEqual(
      mail?.attachments.map(({ name, size }) => [name, size]),
      [
        ['logo.png', 3],
        ['ใบเสร็จ.pdf', 4],
      ],
    )
    const body = await fetch(`${sandbox.url}/mailbox/${mail?.id}/body`)
    assert.match(body.headers.get('content-security-policy') ?? '', /default-src 'none'.*sandbox/)
    assert.match(await body.text(), new RegExp(`src="/mailbox/${mail?.id}/0"`))
    assert.equal(await (await fetch(`${sandbox.url}/mailbox/${mail?.id}/0`)).text(), 'png')
    const page = await fetch(`${sandbox.url}/mailbox/${mail?.id}`)
    assert.match(await page.text(), /Receipt/)
  })

  it('can be asked over HTTP, and emptied', async () => {
    await send({ subject: 'One', text: 'one' })
    await send({ subject: 'Two', text: 'two', to: 'amy@example.com', bcc: 'boss@example.com' })
    const ask = async (query = '') =>
      ((await (await fetch(`${sandbox.url}/__sim/mails${query}`)).json()) as { mails: StoredMail[] }).mails
    assert.deepEqual(
      (await ask()).map(({ subject }) => subject),
      ['Two', 'One'],
    )
    assert.deepEqual(
      (await ask('?to=boss@example.com')).map(({ subject }) => subject),
      ['Two'],
    )
    await fetch(`${sandbox.url}/__sim/mails`, { method: 'DELETE' })
    assert.deepEqual(await ask(), [])
  })

  it('can refuse a mail, and take the next', async () => {
    sandbox.faults.set('mailbox', 'busy', true, 1)
    await assert.rejects(send({ subject: 'Now?' }), /451/)
    await send({ subject: 'Now.' })
    assert.equal(sandbox.mailbox.mails().length, 1)
  })

  it('takes text messages too', async () => {
    const response = await fetch(`${sandbox.url}/sms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: '+66812345678', text: 'รหัส 1234' }),
    })
    assert.equal(response.status, 201)
    const [sms] = sandbox.mailbox.mails('+66812345678')
    assert.deepEqual([sms?.kind, sms?.text], ['sms', 'รหัส 1234'])
  })
})
