/** How a number is written where it is read. */
type SayNumber = (value: number) => string

const FACT = /\{(\w+)\}/

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const sayFact = (sentences: ReadonlyMap<string, string>, fact: unknown, number: SayNumber): string | undefined => {
  if (typeof fact === 'number') return number(fact)
  if (typeof fact === 'string') return fact
  if (!Array.isArray(fact)) return isObject(fact) ? sayCause(sentences, fact.code, fact.facts, number) : undefined
  const said = fact.map((one) => sayFact(sentences, one, number))
  return said.includes(undefined) ? undefined : said.join('; ')
}

/**
 * A cause by its code and facts, which may be causes themselves, in the words of these sentences; facts stand in it as they
 * are. Undefined where the page does not know one of them.
 */
export const sayCause = (
  sentences: ReadonlyMap<string, string>,
  code: unknown,
  facts: unknown,
  number: SayNumber = String,
): string | undefined => {
  const sentence = typeof code === 'string' ? sentences.get(code) : undefined
  if (sentence === undefined) return undefined
  const parts = sentence.split(FACT)
  for (let index = 1; index < parts.length; index += 2) {
    const name = parts[index]!
    const said = isObject(facts) && Object.hasOwn(facts, name) ? sayFact(sentences, facts[name], number) : undefined
    if (said === undefined) return undefined
    parts[index] = said
  }
  return parts.join('')
}

const numbersIn = (facts: unknown): readonly number[] => {
  if (typeof facts === 'number') return [facts]
  return typeof facts === 'object' && facts !== null ? Object.values(facts).flatMap(numbersIn) : []
}

/** A sentence that was said already, with the large numbers among its facts as they are written where it is read. */
export const withNumbers = (sentence: string, facts: unknown, number: SayNumber): string =>
  numbersIn(facts)
    .filter((value) => Math.abs(value) >= 1000)
    // Not those of an address: 10.0.0.1:5432.
    .reduce((text, value) => text.replace(new RegExp(`(?<![\\d.:])${value}(?![\\d.])`), number(value)), sentence)
