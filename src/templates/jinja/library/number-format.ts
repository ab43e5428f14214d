import { tooLarge } from '../syntax/template-error.ts'
import { lengthOf } from '../values/characters.ts'
import { fixed, floatText } from '../values/number.ts'
import { LONGEST_TEXT } from '../values/text.ts'

/** Fills a text up to a width, by characters. `^` centres: what is left over goes to the right. */
export const padText = (text: string, width: number, align: '<' | '>' | '^', fill: string): string => {
  if (width > LONGEST_TEXT) throw tooLarge()
  const missing = width - lengthOf(text)
  if (missing <= 0) return text
  const before = align === '<' ? 0 : align === '>' ? missing : Math.floor(missing / 2)
  return fill.repeat(before) + text + fill.repeat(missing - before)
}

/** The digits and the exponent of a number that is not negative, rounded to so many digits after the first; halves to even. */
const significant = (value: number, precision: number): readonly [digits: string, exponent: number] => {
  if (value === 0) return ['0'.repeat(precision + 1), 0]
  // toExponential rounds halves up; a number that is exactly half way has few digits.
  const kept = Math.min(precision, 100)
  const [mantissa = '', power] = value.toExponential(kept).split('e')
  const digits = mantissa.replace('.', '')
  const exact = value
    .toExponential(Math.min(100, kept + 30))
    .split('e')[0]!
    .replace('.', '')
    .slice(kept + 1)
  const tie = /^50*$/.test(exact)
  const down = tie && Number(digits.at(-1)) % 2 === 1
  const even = down ? (BigInt(digits) - 1n).toString().padStart(digits.length, '0') : digits
  return [even.padEnd(precision + 1, '0'), Number(power)]
}

const exponentText = (power: number): string => `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`

/** `1.50e+03`, of a number that is not negative. */
export const scientific = (value: number, precision: number): string => {
  if (!Number.isFinite(value)) return floatText(value)
  const [digits, power] = significant(value, precision)
  return `${digits[0]}${precision > 0 ? `.${digits.slice(1)}` : ''}${exponentText(power)}`
}

/** The shorter of both forms with so many digits, of a number that is not negative; `whole` keeps zeros at the end. */
export const general = (value: number, precision: number, whole = false): string => {
  if (!Number.isFinite(value)) return floatText(value)
  const digits = Math.max(1, precision)
  const [, power] = significant(value, digits - 1)
  const trim = (text: string) => (whole || !text.includes('.') ? text : text.replace(/\.?0+$/, ''))
  if (power >= -4 && power < digits) return trim(fixed(value, Math.max(0, digits - 1 - power)))
  const [mantissa = '', exponent = ''] = scientific(value, digits - 1).split('e')
  return `${trim(mantissa)}e${exponent}`
}
