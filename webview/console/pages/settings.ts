import { computed, reactive, ref } from 'vue'
import { CallError } from '../api/http.ts'
import { changeShop, type ShopSettingsView, setLogo } from '../api/shop.ts'
import { attempt, explain, useNotices } from '../stores/notices.ts'
import { useSession } from '../stores/session.ts'
import { t } from '../words.ts'

/** The shop's settings as they are being edited. Only what was changed is sent. */
export function useSettings() {
  const session = useSession()
  const form = reactive<{ value: ShopSettingsView | null }>({ value: null })
  const busy = ref(false)
  const stale = ref(false)
  const contrast = computed(() => contrastOnWhite(form.value?.colour ?? '#000000'))
  const changed = computed(() => JSON.stringify(form.value) !== JSON.stringify(session.shop))

  function reset(): void {
    form.value = session.shop && (JSON.parse(JSON.stringify(session.shop)) as ShopSettingsView)
  }
  reset()

  async function save(): Promise<void> {
    const [before, wanted] = [session.shop, form.value]
    if (!before || !wanted || busy.value) return
    busy.value = true
    stale.value = false
    try {
      session.shop = await changeShop({ version: before.version, ...differencesOf(before, wanted) })
      reset()
      useNotices().say(t('saved'))
    } catch (error) {
      const theirs =
        error instanceof CallError &&
        error.status === 409 &&
        (error.details as { shop?: ShopSettingsView })?.shop
      if (theirs) {
        // What somebody else changed is shown; what was changed here stays filled in and can be saved on top of it.
        const mine = differencesOf(before, wanted)
        // Limits that were written here in money that the shop has left are not meant in its new one.
        if (!mine.currency && theirs.currency !== before.currency) delete mine.limits
        session.shop = theirs
        reset()
        Object.assign(form.value ?? {}, mine)
        stale.value = true
      } else useNotices().say(explain(error), 'bad')
    } finally {
      busy.value = false
    }
  }

  async function upload(file: File | undefined): Promise<void> {
    if (!file) return
    const after = await attempt(() => setLogo(file))
    if (after) takeLogo(after)
  }

  async function dropLogo(): Promise<void> {
    const { shop } = session
    if (!shop) return
    const after = await attempt(() => changeShop({ version: shop.version, logo: null }))
    if (after) takeLogo(after)
  }

  /** The logo is saved at once: what is filled in elsewhere stays. */
  function takeLogo(after: ShopSettingsView): void {
    session.shop = after
    if (form.value) Object.assign(form.value, { logo: after.logo, version: after.version })
  }

  /** Amounts of the old money say nothing in the new, so in another currency they are written anew. */
  function chooseCurrency(currency: string): void {
    const [before, wanted] = [session.shop, form.value]
    if (!before || !wanted) return
    const { agentFreeLine, refundAlone } = currency === before.currency ? before.limits : noAmounts
    Object.assign(wanted, { currency, limits: { ...wanted.limits, agentFreeLine, refundAlone } })
  }

  return { form, busy, stale, contrast, changed, reset, save, upload, dropLogo, chooseCurrency }
}

const noAmounts = { agentFreeLine: 0, refundAlone: 0 }

function differencesOf(before: ShopSettingsView, after: ShopSettingsView): Partial<ShopSettingsView> {
  // The same number as before, written in other money, is another limit.
  const moved = after.currency !== before.currency
  const fields = (Object.keys(after) as (keyof ShopSettingsView)[]).filter(
    (field) =>
      field !== 'version' &&
      field !== 'logo' &&
      (JSON.stringify(after[field]) !== JSON.stringify(before[field]) || (moved && field === 'limits')),
  )
  return Object.fromEntries(fields.map((field) => [field, after[field]]))
}

/** How well white is read on a colour, 1 to 21; WCAG asks 4.5. */
export function contrastOnWhite(colour: string): number {
  const channels = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)?.slice(1) ?? ['0', '0', '0']
  const [red = 0, green = 0, blue = 0] = channels.map((hex) => {
    const share = Number.parseInt(hex, 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
}
