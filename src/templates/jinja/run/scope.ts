import { Dict, Undefined, type Value } from '../values/value.ts'

/** What names mean at a place of a template: its own, then those of the places around it. */
export interface Scope {
  readonly names: Map<string, Value>
  readonly parent: Scope | undefined
}

/** A place within another: what is set there is not seen outside. */
export const innerScope = (parent: Scope): Scope => ({ names: new Map(), parent })

/** What a name means at a place of the template; undefined where the template sets none, and a fact may. */
export const lookUp = (scope: Scope, name: string): Value | undefined => {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const value = at.names.get(name)
    if (value !== undefined) return value
  }
  return undefined
}

/** JSON as a value: objects keep the order of their keys. */
export const fromJson = (json: unknown): Value => {
  if (json === undefined) return new Undefined('')
  if (typeof json === 'number') return Number.isInteger(json) && !Number.isSafeInteger(json) ? BigInt(json) : json
  if (json === null || typeof json !== 'object') return json as Value
  if (Array.isArray(json)) return json.map(fromJson)
  const dict = new Dict()
  for (const [key, value] of Object.entries(json)) dict.set(key, fromJson(value))
  return dict
}

/** The facts that a template is rendered with; each becomes a value when it is asked for. */
export const createFacts = (facts: Readonly<Record<string, unknown>>) => {
  const known = new Map<string, Value>()
  return (name: string): Value | undefined => {
    const value = known.get(name)
    if (value !== undefined || !Object.hasOwn(facts, name)) return value
    const made = fromJson(facts[name])
    known.set(name, made)
    return made
  }
}
