import { tooLarge } from '../syntax/template-error.ts'
import { LONGEST_LIST } from '../values/iterate.ts'
import { isInt } from '../values/number.ts'
import { bounded, LONGEST_TEXT, toHtml } from '../values/text.ts'
import { isText, Markup, plain, Tuple, type Value } from '../values/value.ts'
import { percent } from './percent-format.ts'

const join = (left: Value, right: Value): Value | undefined => {
  if (isText(left) && isText(right)) {
    if (left instanceof Markup || right instanceof Markup)
      return new Markup(bounded(toHtml(left).text + toHtml(right).text))
    return bounded(left + right)
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length + right.length > LONGEST_LIST) throw tooLarge()
    return [...left, ...right]
  }
  return left instanceof Tuple && right instanceof Tuple ? new Tuple([...left.items, ...right.items]) : undefined
}

const repeat = (value: Value, times: Value): Value | undefined => {
  const count = typeof times === 'boolean' ? Number(times) : isInt(times) ? Number(times) : undefined
  if (count === undefined) return undefined
  const often = Math.max(0, count)
  if (isText(value)) {
    if (plain(value).length * often > LONGEST_TEXT) throw tooLarge()
    const made = plain(value).repeat(often)
    return value instanceof Markup ? new Markup(made) : made
  }
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined
  if (!items) return undefined
  if (items.length * often > LONGEST_LIST) throw tooLarge()
  const list = Array.from({ length: often }, () => items).flat() as Value[]
  return Array.isArray(value) ? list : new Tuple(list)
}

/** What operators do between values that are no numbers: texts and lists are joined, repeated and filled in. */
export const operate = (operator: string, left: Value, right: Value): Value | undefined => {
  if (operator === '+') return join(left, right)
  if (operator === '*') return repeat(left, right) ?? repeat(right, left)
  return operator === '%' && isText(left) ? percent(left, right) : undefined
}
