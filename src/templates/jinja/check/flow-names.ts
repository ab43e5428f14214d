import { Dict, Float, Markup, Range, Tuple, Undefined, type Value } from '../values/value.ts'

/** Thrown where a part asks for what only an event can tell; it is no fault, and never leaves the check. */
export const NEEDS_EVENT = Symbol('needs an event')
/** In place of a value that only an event can tell. */
export const OPEN = Symbol('open')
export type Open = typeof OPEN

/** Data that nothing changes once it is made; `lists`: lists and mappings are such data. */
const isFixed = (value: Value, lists: boolean): boolean => {
  if (value === null || typeof value !== 'object') return true
  const all = (items: Iterable<Value>) => [...items].every((item) => isFixed(item, lists))
  if (value instanceof Tuple) return all(value.items)
  if (Array.isArray(value)) return lists && all(value)
  if (value instanceof Dict) return lists && all(value.values())
  return FIXED.some((kind) => value instanceof kind)
}
const FIXED = [Float, Markup, Undefined, Range]

/** Names of one scope, of which some depend on the event: to ask for one of those throws. */
export class FlowNames extends Map<string, Value> {
  readonly #open = new Set<string>()

  override get(name: string): Value | undefined {
    if (this.#open.has(name)) throw NEEDS_EVENT
    return super.get(name)
  }
  override has(name: string): boolean {
    return this.#open.has(name) || super.has(name)
  }
  override set(name: string, value: Value): this {
    this.#open.delete(name)
    return super.set(name, value)
  }

  /** Sets a name. `lists`: whether lists and mappings stay as they are, for nothing in the template changes one. */
  bind(name: string, value: Value | Open, lists: boolean): void {
    if (value === OPEN || !isFixed(value, lists)) this.open(name)
    else this.set(name, value)
  }
  open(name: string): void {
    super.delete(name)
    this.#open.add(name)
  }
  copy(): FlowNames {
    const made = new FlowNames()
    made.become(this)
    return made
  }
  become(other: FlowNames): void {
    super.clear()
    this.#open.clear()
    for (const [name, value] of other) super.set(name, value)
    for (const name of other.#open) this.#open.add(name)
  }
  /** What is known where one of several ways was taken, and nobody knows which. */
  join(ways: readonly FlowNames[]): void {
    const [first, ...others] = ways
    const names = new Set(ways.flatMap((way) => [...way.keys(), ...way.#open]))
    this.become(first!)
    for (const name of names) if (!others.every((way) => way.#means(name, first!))) this.open(name)
  }
  #means(name: string, other: FlowNames): boolean {
    return this.#open.has(name) === other.#open.has(name) && super.get(name) === other.#known(name)
  }
  #known(name: string): Value | undefined {
    return super.get(name)
  }
}
