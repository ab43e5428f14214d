import type { Cause } from '#core/cause/cause.ts'
import { done, type Result } from '#lib/result.ts'
import { type LinearRegex, linearRegex } from '#lib/text/regex.ts'
import { inEnglish } from '#templates/said.ts'

type LabelOperator = '=' | '!=' | '=~' | '!~'

/** `alertname=~"Disk.*"`: a label, a comparison, a value. */
export interface LabelFilter {
  readonly name: string
  readonly operator: LabelOperator
  readonly value: string
  holds(value: string): boolean
}

const SHAPE = /^\s*([A-Za-z_][\w.]*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s
const QUOTED = /^"((?:[^"\\]|\\["\\n])*)"$/s
const ESCAPED: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' }
const MOST_FILTERS = 50

const writtenValue = (text: string): string | undefined => {
  const quoted = QUOTED.exec(text)
  if (quoted) return quoted[1]!.replace(/\\["\\n]/g, (escaped) => ESCAPED[escaped]!)
  return text.includes('"') ? undefined : text
}

const test = (operator: LabelOperator, value: string): Result<LinearRegex, Cause> =>
  operator === '=' || operator === '!=' ? done({ test: (text) => text === value }) : linearRegex(`^(?:${value})$`)

const filterOf = (text: string): LabelFilter | string => {
  const [, name, operator, written] = SHAPE.exec(text) ?? []
  const value = written === undefined ? undefined : writtenValue(written)
  if (name === undefined || value === undefined) return `bad matcher format: ${text.slice(0, 100)}`
  const compiled = test(operator as LabelOperator, value)
  if (!compiled.ok) return `bad matcher format: ${inEnglish(compiled.problem)}`
  const negative = operator!.startsWith('!')
  return {
    name,
    operator: operator as LabelOperator,
    value,
    holds: (label) => compiled.value.test(label) !== negative,
  }
}

/** The `filter` parameters of a question, or what is wrong with one of them. */
export const readFilters = (sent: unknown): readonly LabelFilter[] | string => {
  const texts = sent === undefined ? [] : [sent].flat().map(String)
  if (texts.length > MOST_FILTERS) return `at most ${MOST_FILTERS} filters are taken`
  const filters: LabelFilter[] = []
  for (const text of texts) {
    const filter = filterOf(text)
    if (typeof filter === 'string') return filter
    filters.push(filter)
  }
  return filters
}
