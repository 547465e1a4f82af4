import { onMounted, ref } from 'vue'
import * as api from '../api/delivery.ts'
import { changeShop } from '../api/shop.ts'
import { attempt, useNotices } from '../stores/notices.ts'
import { useSession } from '../stores/session.ts'
import { t } from '../words.ts'

/** How goods reach the customer: the logistic system itself, couriers, pickup points and slots. */
export function useDelivery() {
  const session = useSession()
  const couriers = ref<api.CourierView[]>([])
  const points = ref<api.PointView[]>([])
  const slots = ref<api.SlotView[]>([])
  const loaded = ref(false)

  async function load(): Promise<void> {
    await attempt(async () => {
      const [ofCouriers, ofPoints, ofSlots] = await Promise.all([
        api.listCouriers(),
        api.listPoints(),
        api.listSlots(),
      ])
      couriers.value = ofCouriers
      points.value = ofPoints
      slots.value = ofSlots
      loaded.value = true
    })
  }
  onMounted(load)

  /** Does it, says so, and shows the lists as they are then. */
  async function act(work: () => Promise<unknown>): Promise<boolean> {
    const done = await attempt(async () => {
      await work()
      return true
    })
    if (done) useNotices().say(t('saved'))
    await load()
    return done === true
  }

  async function setLogistics(logistics: boolean): Promise<void> {
    const { shop } = session
    if (!shop) return
    const changed = await attempt(() => changeShop({ version: shop.version, logistics }))
    if (changed) session.shop = changed
  }

  const saveCourier = (id: string | null, courier: Omit<api.CourierView, 'id'>) =>
    act(() => (id ? api.changeCourier(id, courier) : api.addCourier(courier)))
  const savePoint = (id: string | null, point: Omit<api.PointView, 'id' | 'number'>) =>
    act(() => (id ? api.changePoint(id, point) : api.addPoint(point)))
  const removeCourier = (id: string) => act(() => api.removeCourier(id))
  const removePoint = (id: string) => act(() => api.removePoint(id))
  const addSlot = (slot: Omit<api.SlotView, 'id' | 'taken'>) => act(() => api.addSlot(slot))
  const removeSlot = (id: string) => act(() => api.removeSlot(id))
  const resizeSlot = (id: string, capacity: number) => act(() => api.changeSlot(id, { capacity }))

  return {
    couriers,
    points,
    slots,
    loaded,
    setLogistics,
    saveCourier,
    savePoint,
    removeCourier,
    removePoint,
    addSlot,
    removeSlot,
    resizeSlot,
  }
}
