import { indonesia } from './indonesia.ts'
import { japan } from './japan.ts'
import { russia } from './russia.ts'
import type { Sample } from './sample.ts'
import { thailand } from './thailand.ts'
import { turkmenistan } from './turkmenistan.ts'

export type { Sample, SampleProduct } from './sample.ts'

/** The sample shop by country. Their order gives their goods their numbers, so a new one comes last. */
export const samples = {
  TH: thailand,
  ID: indonesia,
  JP: japan,
  TM: turkmenistan,
  RU: russia,
} as const satisfies Record<string, Sample>

export type SampleCountry = keyof typeof samples
export const sampleCountries = Object.keys(samples) as [SampleCountry, ...SampleCountry[]]

/** Whether there is a sample shop for a country; the word comes from outside. */
export const isSampleCountry = (word: string): word is SampleCountry => Object.hasOwn(samples, word)
