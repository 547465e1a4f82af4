import { startShop, type TestShop } from '../support/shop.ts'
import { eventually } from '../support/story.ts'

describe('the way back to the chat', () => {
  let shop: TestShop
  before(async () => {
    shop = await startShop({ env: { SANDBOX: '0' }, demo: false })
  })
  after(() => shop.close())

  it('is the address of the account that LINE has told, where nothing is simulated', async () => {
    await eventually('the address on a page', async () => {
      const page = await fetch(`${shop.url}/w/no-such-link-no-such-link-no-such`)
      return (await page.text()).includes('https://line.me/R/ti/p/%40parley-sandbox')
    })
  })
})
