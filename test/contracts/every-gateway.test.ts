import * as registered from '../../server/payment/gateways/index.ts'
import type { GatewayDriver } from '../support/gateway-bench.ts'
import { closing } from './gateway/closing.ts'
import { connecting } from './gateway/connecting.ts'
import { listing } from './gateway/listing.ts'
import { lostAnswers } from './gateway/lost-answers.ts'
import { opening } from './gateway/opening.ts'
import { reading } from './gateway/reading.ts'
import { refunding } from './gateway/refunding.ts'
import { webhooks } from './gateway/webhooks.ts'
import { words } from './gateway/words.ts'

/**
 * One suite for every gateway. A new one needs a driver for its simulator, `test/support/gateways/<name>.ts`, and no
 * change here: what its platform cannot do is skipped, with the reason in the name.
 */
for (const name of Object.keys(registered)) {
  const { driver } = (await import(`../support/gateways/${name}.ts`)) as { driver: GatewayDriver }
  const benches = await driver.start()

  if (driver.inapplicable) {
    describe(`the gateway ${name}`, () => {
      it.skip(`is not tried here (${driver.inapplicable})`)
    })
  }

  after(() => {
    for (const bench of benches) bench.close()
  })
  for (const bench of benches) {
    describe(`the gateway ${name}, method ${bench.method},`, () => {
      beforeEach(async () => {
        bench.calm()
        await bench.webhooks()
      })
      afterEach(() => bench.calm())
      opening(bench)
      lostAnswers(bench)
      reading(bench)
      closing(bench)
      refunding(bench)
      listing(bench)
      webhooks(bench)
      connecting(bench)
      words(name, bench)
    })
  }
}
