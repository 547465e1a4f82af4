import assert from 'node:assert/strict'
import { addressForm, addressParts } from '../../server/my-orders/form.ts'
import { addressForm as formOfCheckout } from '../../webview/checkout/state/address-forms.ts'

const countries = [...Object.keys(addressParts), 'FR']

describe('the address of a form without scripts', () => {
  for (const country of countries) {
    it(`asks in ${country} for what the checkout asks for`, () => {
      const fields = addressForm(new Map(), [], country).filter(
        ({ name }) => !['name', 'phone', 'email'].includes(name),
      )
      const { parts, required } = formOfCheckout(country)
      assert.deepEqual(
        fields.map(({ name }) => name),
        parts,
      )
      const needed = fields.filter((field) => field.required).map(({ name }) => name)
      assert.deepEqual(needed.toSorted(), [...required, 'postalCode'].toSorted())
    })
  }

  it('calls its fields as the country does', () => {
    const labels = addressForm(new Map(), [], 'ID').map(({ label }) => label)
    assert.ok(labels.includes('checkout.address.in.ID.district'))
    assert.ok(labels.includes('checkout.address.name'))
  })
})
