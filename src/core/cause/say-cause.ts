import { own } from '#lib/own.ts'

/** Sentences by code, with `{name}` where a fact stands. */
export type Sentences = Readonly<Record<string, string>>

const FACT = /\{(\w+)\}/

/** What is said: a cause, a cure, or what is wrong with a template. One within another is said in its place. */
interface Coded {
  readonly code: string
  readonly facts: Readonly<Record<string, Fact>>
}
type Fact = string | number | Coded | readonly Coded[]

const isSeveral = (fact: Fact): fact is readonly Coded[] => Array.isArray(fact)

/** A fact that was stored may be null: what is no number is that in JSON. */
const sayFact = (sentences: Sentences, fact: Fact | null, number: SayNumber): string | undefined => {
  if (fact === null) return undefined
  if (typeof fact === 'number') return number(fact)
  if (typeof fact !== 'object') return fact
  if (!isSeveral(fact)) return sayCause(sentences, fact, number)
  const said = fact.map((one) => sayFact(sentences, one, number))
  return said.includes(undefined) ? undefined : said.join('; ')
}

/** How a number is written where it is read. */
type SayNumber = (value: number) => string

/**
 * A cause in the words of these sentences. Facts stand in it as they are, whatever they hold. Undefined where a code or
 * a fact is missing, in it or within: a newer version wrote it, and what it said in English is all there is to show.
 */
export const sayCause = (
  sentences: Sentences,
  { code, facts }: Coded,
  number: SayNumber = String,
): string | undefined => {
  const sentence = own<string>(sentences, code)
  if (sentence === undefined) return undefined
  // Fixed words and names of facts in turn: what a fact holds is never read again.
  const parts = sentence.split(FACT)
  for (let index = 1; index < parts.length; index += 2) {
    const fact = own<Fact>(facts, parts[index]!)
    const said = fact === undefined ? undefined : sayFact(sentences, fact, number)
    if (said === undefined) return undefined
    parts[index] = said
  }
  return parts.join('')
}
