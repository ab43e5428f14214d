import { runtimeError } from '../../syntax/template-error.ts'
import { toList, tryIterate } from '../../values/iterate.ts'
import { bounded, escapeText, toHtml, toText } from '../../values/text.ts'
import { Dict, isText, Markup, Undefined, type Value } from '../../values/value.ts'
import { wholeNumber } from '../arguments.ts'
import { pairsOf } from '../dict-methods.ts'
import { writeJson } from '../json.ts'
import type { Native } from '../native.ts'
import { urlQuote } from './text.ts'

const urlEncode = (value: Value): Value => {
  if (isText(value) || tryIterate(value) === undefined) return urlQuote(toText(value), false)
  const pairs = value instanceof Dict ? [...value.entries()] : pairsOf(toList(value))
  return pairs.map(([key, one]) => `${urlQuote(toText(key), true)}=${urlQuote(toText(one), true)}`).join('&')
}

/** The names of the characters from U+00A0 to U+00FF in HTML, in their order. */
const LATIN =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  euro: '€',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  bull: '•',
  ...Object.fromEntries(LATIN.split(' ').map((name, index) => [name, String.fromCharCode(0xa0 + index)])),
}

/** Without what stands between two marks, these included; what does not end stays. */
const without = (text: string, open: string, close: string): string => {
  let kept = ''
  let at = 0
  for (let start = text.indexOf(open); start >= 0; start = text.indexOf(open, at)) {
    const end = text.indexOf(close, start)
    if (end < 0) break
    kept += text.slice(at, start)
    at = end + close.length
  }
  return kept + text.slice(at)
}

/** Without tags and comments, with single blanks, entities as their characters. */
const stripTags = (value: string): string => {
  const words = without(without(value, '<!--', '-->'), '<', '>')
    .split(/\s+/)
    .filter(Boolean)
    .join(' ')
  return words.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w+));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name]! : whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : '\ufffd'
  })
}

const attributes: Native['run'] = (value, [space = true], { autoescape }) => {
  if (!(value instanceof Dict)) throw runtimeError('mapping_needed', { called: 'xmlattr' })
  const parts: string[] = []
  for (const [key, one] of value.entries()) {
    if (one === null || one instanceof Undefined) continue
    const name = toText(key)
    if (/[\s/>=]/.test(name)) throw runtimeError('attribute_name_odd', { name: JSON.stringify(name) })
    parts.push(`${toHtml(key).text}="${toHtml(one).text}"`)
  }
  const text = `${space !== false && parts.length > 0 ? ' ' : ''}${parts.join(' ')}`
  return autoescape ? new Markup(text) : text
}

const json: Native['run'] = (value, [indent]) => {
  if (indent === undefined || indent === null) return new Markup(writeJson(value, undefined))
  return new Markup(
    writeJson(value, isText(indent) ? toText(indent) : ' '.repeat(Math.min(20, wholeNumber(indent, 0)))),
  )
}

export const htmlFilters: Readonly<Record<string, Native>> = {
  escape: { params: '/', run: toHtml },
  forceescape: { params: '', run: (value) => new Markup(bounded(escapeText(toText(value)))) },
  safe: { params: '', run: (value) => (value instanceof Markup ? value : new Markup(toText(value))) },
  striptags: { params: '', run: (value) => stripTags(toText(value)) },
  tojson: { params: 'indent?', run: json },
  urlencode: { params: '', run: urlEncode },
  xmlattr: { params: 'autospace?', run: attributes },
}
