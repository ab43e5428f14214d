import type { Cause } from '#core/cause/cause.ts'
import type { Cure } from '#core/cause/delivery-cures.ts'
import type { DeliveryOutcome } from '#core/channel.ts'
import { decodePercent } from '#lib/text/percent.ts'

/** Shorter ones would hide half of every sentence and protect nothing. */
const SHORTEST = 3
/** Parts of a path that are at least this long may be a token; shorter ones are words. */
const SHORTEST_PATH_PART = 9

/** The forms in which a server may give a secret back. */
const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret.toWellFormed()),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
]

/** The parts of an address that may give access: login, query values and long parts of the path. */
export const urlSecrets = (url: URL): string[] => {
  const path = url.pathname.split('/').filter((part) => part.length >= SHORTEST_PATH_PART)
  const query = url.search === '' ? [] : [...url.searchParams.values(), url.search.slice(1)]
  if (url.username === '' && url.password === '') return [...path, ...query]
  const login = [url.username, url.password].map(decodePercent)
  const basic = url.password === '' ? [] : [login.join(':')]
  return [...login, ...basic, ...path, ...query]
}

/** Messages of one channel have the same secrets, one after the other. */
const KNOWN_AT_MOST = 200
const known = new Map<string, readonly string[]>()

/** Every form of the secrets that is worth hiding, the longest first. */
const formsOfAll = (secrets: readonly string[]): readonly string[] => {
  const key = secrets.join('\0')
  let forms = known.get(key)
  if (forms === undefined) {
    forms = [...new Set(secrets.flatMap(formsOf))].filter((form) => form.length >= SHORTEST)
    forms = forms.toSorted((a, b) => b.length - a.length)
    if (known.size >= KNOWN_AT_MOST) known.clear()
    known.set(key, forms)
  }
  return forms
}

/** Replaces every form of the secrets in the outcome's texts by `***`. Every outcome leaves through here. */
export const withoutSecrets = (outcome: DeliveryOutcome, secrets: readonly string[]): DeliveryOutcome => {
  const forms = formsOfAll(secrets)
  if (forms.length === 0) return outcome
  const cleanText = (text: string): string => forms.reduce((rest, form) => rest.replaceAll(form, '***'), text)
  /** Of a cause or a cure, the facts: its code comes from a closed set. */
  const cleanCoded = <Coded extends Cause | Cure>({ code, facts }: Coded): Coded =>
    ({ code, facts: Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, clean(fact)])) }) as Coded
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return cleanText(value)
    if (Array.isArray(value)) return value.map(clean)
    if (typeof value !== 'object' || value === null) return value
    if ('code' in value && 'facts' in value) return cleanCoded(value as Cause | Cure)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)]))
  }
  // The machine-read words are not texts; they come from closed sets.
  return outcome.ok
    ? (clean(outcome) as DeliveryOutcome)
    : { ...(clean(outcome) as typeof outcome), kind: outcome.kind, reason: outcome.reason }
}
