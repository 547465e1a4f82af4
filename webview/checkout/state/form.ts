import { type InjectionKey, inject, reactive, ref, watch } from 'vue'
import type { Address, OrderView } from '../../../server/pipeline/contract.ts'
import { type CardInput, emptyCard } from './card.ts'
import type { ContactInput } from './contact.ts'
import type { OrderStore } from './order.ts'

/** Every field of an address as text: what is empty is left out when it is sent. */
export type AddressInput = Record<keyof Address, string>

export type CheckoutForm = ReturnType<typeof createForm>
export const formKey: InjectionKey<CheckoutForm> = Symbol('form')

export function useForm(): CheckoutForm {
  const form = inject(formKey)
  if (!form) throw new Error('No form: provide formKey where the page is made')
  return form
}

/** What the customer has typed and chosen. It outlives every reload of the order. */
export function createForm({ view, shop }: OrderStore) {
  const order = view.value
  const address = reactive(addressInput(order.address, shop.country))
  const contact = reactive<ContactInput>({ name: '', email: '', ...order.contact })
  const card = reactive<CardInput>(emptyCard())
  /** Ticked only by a person who has shown who they are. */
  const rememberCard = ref(false)
  /** `courier:Name` or `pickup:id`: one choice among all of them. */
  const delivery = ref(deliveryChoice(order))
  const slot = ref(order.delivery?.slotId ?? '')
  const costAccepted = ref(order.delivery?.costConfirmed ?? false)
  /** What was ticked last: an answer that was under way by then does not take the tick back, another cost does. */
  const acceptedCost = ref<number | null>(null)
  const method = ref(methodChoice(order))
  const editingAddress = ref(order.needsDelivery && !order.address)
  /** The customer has seen how the last attempt ended, and goes on to try again. */
  const again = ref(false)
  /** Keys of what is wrong, by field. */
  const problems = reactive<Record<string, string>>({})

  watch(view, (next, before) => follow(next, before))

  /** The server's choice counts where it has changed; what the customer typed into the address stays. */
  function follow(next: OrderView, before: OrderView): void {
    delivery.value = deliveryChoice(next) || delivery.value
    if (next.delivery?.type === 'courier') slot.value = next.delivery.slotId ?? slot.value
    if (next.delivery) {
      costAccepted.value = next.delivery.costConfirmed || next.delivery.cost === acceptedCost.value
    }
    if (next.payment && methodChoice(next) !== methodChoice(before)) method.value = methodChoice(next)
    if (next.contact && !contact.email) Object.assign(contact, next.contact)
    const saved = next.savedAddresses[0]
    if (next.address && isEmpty(address)) {
      take(next.address)
      editingAddress.value = false
    } else if (saved && !next.address && isEmpty(address)) take(saved)
  }

  function take(from: Address): void {
    Object.assign(address, addressInput(from, shop.country))
  }

  /** What was typed or ticked before the script was there: the page's HTML is older than our state. */
  function restore(typed: Record<string, string>): void {
    for (const name of Object.keys(address) as (keyof Address)[]) {
      if (typed[name]) address[name] = typed[name]
    }
    for (const name of Object.keys(card) as (keyof CardInput)[]) {
      if (typed[`card-${name}`]) card[name] = typed[`card-${name}`] ?? ''
    }
    for (const name of ['name', 'email'] as const) {
      contact[name] = typed[`contact-${name}`] ?? contact[name]
    }
    if (typed['delivery']) delivery.value = typed['delivery']
    if (typed['slot']) slot.value = typed['slot']
    if (typed['method']) method.value = typed['method']
    if (typed['cost-accepted']) costAccepted.value = true
  }

  return {
    address,
    contact,
    card,
    rememberCard,
    delivery,
    slot,
    costAccepted,
    acceptedCost,
    method,
    editingAddress,
    again,
    problems,
    take,
    restore,
  }
}

/** The address as it is sent: trimmed, and without what is empty. */
export function addressData(input: AddressInput): Address {
  const filled = Object.entries(input).map(([name, value]) => [name, value.trim()] as const)
  return Object.fromEntries(filled.filter(([, value]) => value)) as unknown as Address
}

const fields: (keyof Address)[] = [
  'name',
  'phone',
  'email',
  'line1',
  'line2',
  'subdistrict',
  'district',
  'province',
  'city',
  'postalCode',
  'country',
]

function addressInput(address: Address | null, country: string): AddressInput {
  const entries = fields.map((name) => [name, address?.[name] ?? ''])
  return { ...(Object.fromEntries(entries) as AddressInput), country: address?.country ?? country }
}

const isEmpty = (address: AddressInput) =>
  fields.every((name) => name === 'country' || address[name].trim() === '')

function deliveryChoice({ delivery }: OrderView): string {
  if (!delivery) return ''
  return delivery.type === 'pickup' ? `pickup:${delivery.pointId}` : `courier:${delivery.companyName}`
}

const methodChoice = ({ payment, methods, savedCard }: OrderView): string => {
  const chosen = payment ?? (methods.length === 1 ? methods[0] : null)
  if (!chosen) return ''
  return [chosen.gateway, chosen.method, ...(payment && savedCard ? [savedCard] : [])].join(':')
}
