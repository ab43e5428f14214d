import { runtimeError, tooDeep, tooLarge } from '../syntax/template-error.ts'
import { compareValues } from '../values/compare.ts'
import { floatText, isFloat, toNumber } from '../values/number.ts'
import { bounded, LONGEST_TEXT, toText } from '../values/text.ts'
import { Dict, isText, plain, Tuple, typeName, type Value } from '../values/value.ts'

const DEEPEST = 100

/** A text in JSON, with nothing beyond ASCII and nothing that ends a script or an attribute of HTML. */
const quote = (value: string): string =>
  JSON.stringify(value).replace(/[\x7f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)

const HTML: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', "'": '\\u0027' }

const keyText = (key: Value): string => {
  if (isText(key)) return plain(key)
  if (key === null) return 'null'
  if (typeof key === 'boolean') return String(key)
  if (typeof key === 'object') return isFloat(key) ? toText(key) : unwritable(key)
  return toText(key)
}

const unwritable = (value: Value): never => {
  throw runtimeError('not_as_json', { type: typeName(value) })
}

/** A value as JSON, as Python writes it: keys sorted, blanks after `,` and `:`; `indent` is what a level begins with. */
export const writeJson = (value: Value, indent: string | undefined): string => {
  let size = 0
  const part = (text: string): string => {
    size += text.length
    if (size > LONGEST_TEXT) throw tooLarge()
    return text
  }
  const list = (open: string, close: string, parts: readonly string[], level: number): string => {
    if (parts.length === 0) return open + close
    if (indent === undefined) return open + parts.join(', ') + close
    const line = `\n${indent.repeat(level + 1)}`
    return `${open}${line}${parts.join(`,${line}`)}\n${indent.repeat(level)}${close}`
  }
  const write = (one: Value, level: number): string => {
    if (level > DEEPEST) throw tooDeep()
    if (isText(one)) return part(quote(plain(one)))
    if (one === null) return part('null')
    if (typeof one === 'boolean') return part(String(one))
    if (isFloat(one)) return part(specialFloat(toNumber(one)!))
    if (typeof one === 'number' || typeof one === 'bigint') return part(String(one))
    if (Array.isArray(one))
      return list(
        '[',
        ']',
        one.map((item) => write(item, level + 1)),
        level,
      )
    if (one instanceof Tuple)
      return list(
        '[',
        ']',
        one.items.map((item) => write(item, level + 1)),
        level,
      )
    if (!(one instanceof Dict)) return unwritable(one)
    const sorted = [...one.entries()].sort(([a], [b]) => compareValues(a, b))
    return list(
      '{',
      '}',
      sorted.map(([key, item]) => `${part(quote(keyText(key)))}: ${write(item, level + 1)}`),
      level,
    )
  }
  return bounded(write(value, 0).replace(/[<>&']/g, (sign) => HTML[sign]!))
}

const specialFloat = (value: number): string =>
  Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity'
