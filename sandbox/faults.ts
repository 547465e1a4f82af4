export type KnobValue = boolean | number | string

/** One way in which a simulated platform can misbehave. `choices` makes a text knob a menu. */
export interface Knob {
  name: string
  type: 'boolean' | 'number' | 'text'
  description: string
  default: KnobValue
  choices?: readonly string[]
}

export interface KnobState extends Knob {
  platform: string
  value: KnobValue
  /** How many more times the value applies before the default returns; null means until it is changed. */
  remaining: number | null
}

export interface Faults {
  /** Registers a platform's knobs. A second call with the same name replaces the first. */
  define(platform: string, knobs: Knob[]): void
  /** The present value, without using up a one-shot. */
  get<Value extends KnobValue = KnobValue>(platform: string, name: string): Value
  /** The present value; counts down a one-shot, which falls back to its default after the last time. */
  take<Value extends KnobValue = KnobValue>(platform: string, name: string): Value
  /** Turns a knob, for good or for the `next` n times it is taken. */
  set(platform: string, name: string, value: KnobValue, next?: number): void
  /** Puts every knob (of one platform) back to its default. */
  reset(platform?: string): void
  list(): KnobState[]
  /** Calls back after every change; returns the function that stops it. */
  onChange(listener: () => void): () => void
}

/** The one store of fault knobs, shared by every simulated platform, its page and its HTTP interface. */
export function createFaults(): Faults {
  const states = new Map<string, KnobState>()
  const listeners = new Set<() => void>()

  const find = (platform: string, name: string): KnobState => {
    const state = states.get(key(platform, name))
    if (!state) throw new Error(`There is no knob ${platform}.${name}; GET /__sim/faults lists them all`)
    return state
  }
  const changed = () => {
    for (const listener of listeners) listener()
  }
  const putBack = (state: KnobState) => {
    state.value = state.default
    state.remaining = null
  }

  return {
    define(platform, knobs) {
      for (const knob of knobs) {
        states.set(key(platform, knob.name), { ...knob, platform, value: knob.default, remaining: null })
      }
      changed()
    },
    get<Value extends KnobValue>(platform: string, name: string) {
      return find(platform, name).value as Value
    },
    take<Value extends KnobValue>(platform: string, name: string) {
      const state = find(platform, name)
      const value = state.value as Value
      if (state.remaining !== null) {
        state.remaining -= 1
        if (state.remaining <= 0) putBack(state)
        changed()
      }
      return value
    },
    set(platform, name, value, next) {
      const state = find(platform, name)
      checkValue(state, value)
      if (next !== undefined && !(Number.isInteger(next) && next > 0)) {
        throw new Error(`"next" of ${platform}.${name} must be a whole number above 0`)
      }
      state.value = value
      state.remaining = next ?? null
      changed()
    },
    reset(platform) {
      for (const state of states.values()) {
        if (platform === undefined || state.platform === platform) putBack(state)
      }
      changed()
    },
    list: () => [...states.values()].map((state) => ({ ...state })),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const key = (platform: string, name: string): string => `${platform}.${name}`

function checkValue(knob: Knob, value: KnobValue): void {
  const expected = knob.type === 'text' ? 'string' : knob.type
  if (typeof value !== expected) throw new Error(`The knob ${knob.name} takes a ${knob.type}`)
  if (knob.choices && !knob.choices.includes(String(value))) {
    throw new Error(`The knob ${knob.name} takes one of: ${knob.choices.join(', ')}`)
  }
}
