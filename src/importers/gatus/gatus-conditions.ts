import { because, type Cause } from '#core/cause/cause.ts'

/** What conditions of an endpoint come to: options of its look, when it is degraded, and what of them is left out. */
export interface GatusVerdict {
  readonly options: Readonly<Record<string, unknown>>
  readonly degraded?: { readonly latency: string }
  readonly notes: readonly Cause[]
}

const FORM = /^\s*(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*$/s
const HOURS: Readonly<Record<string, number>> = { h: 1, m: 1 / 60, s: 1 / 3600 }

/** Hours of a duration as Go writes it: `48h`, `72h30m`. */
const hoursOf = (text: string): number | undefined => {
  if (!/^(?:\d+(?:\.\d+)?[hms])+$/.test(text)) return undefined
  return [...text.matchAll(/(\d+(?:\.\d+)?)([hms])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * HOURS[unit!]!,
    0,
  )
}

const listOf = (text: string): readonly string[] | undefined => {
  const inner = /^any\((.*)\)$/s.exec(text)?.[1]
  return inner === undefined ? undefined : inner.split(',').map((one) => one.trim())
}

const CLASSES = [1, 2, 3, 4, 5]

const statusOf = (operator: string, text: string): unknown => {
  const wanted = (listOf(text) ?? [text]).map(Number)
  if (operator === '==' && wanted.every((code) => code >= 100 && code < 600))
    return wanted.length === 1 ? wanted[0] : wanted
  const [code = 0] = wanted
  const below = operator === '<' ? code : operator === '<=' ? code + 1 : 0
  if (below % 100 === 0 && below > 100 && below <= 600)
    return CLASSES.filter((one) => one * 100 < below).map((one) => `${one}xx`)
  return undefined
}

const expectedOf = (operator: string, text: string): unknown => {
  if (operator !== '==') return `${operator} ${text}`
  const plain = text.replace(/^(["'])(.*)\1$/s, '$2')
  if (/^-?\d+(?:\.\d+)?$/.test(plain)) return Number(plain)
  if (plain === 'true' || plain === 'false') return plain === 'true'
  return plain
}

/** What a pattern `*text*` looks for anywhere; undefined where it asks for more. */
const within = (text: string): string | undefined => {
  const pattern = /^pat\((.*)\)$/s.exec(text)?.[1]
  const inner = pattern === undefined ? undefined : /^\*([^*?[\]]+)\*$/s.exec(pattern)?.[1]
  return inner === undefined || /^\/.*\/[a-z]*$/s.test(inner) ? undefined : inner
}

/** Reads conditions of an endpoint of a type. */
export const gatusConditions = (conditions: readonly string[], type: string): GatusVerdict => {
  const options: Record<string, unknown> = {}
  const notes: Cause[] = []
  const json: Record<string, unknown> = {}
  let degraded: GatusVerdict['degraded']
  let status: unknown
  const one = (condition: string): boolean => {
    const [, subject = '', operator = '', expected = ''] = FORM.exec(condition) ?? []
    if (subject === '[CONNECTED]') return operator === '==' && expected === 'true'
    if (subject === '[DNS_RCODE]') return operator === '==' && expected === 'NOERROR'
    if (subject === '[STATUS]') {
      status = statusOf(operator, expected)
      return status !== undefined
    }
    if (subject === '[RESPONSE_TIME]') {
      if (!/^<=?$/.test(operator) || !/^\d+$/.test(expected)) return false
      degraded = { latency: `>= ${expected}ms` }
      notes.push(because('import_setting_becomes', { setting: condition, instead: 'degraded' }))
      return true
    }
    if (subject === '[CERTIFICATE_EXPIRATION]') {
      const hours = hoursOf(expected)
      if (hours === undefined || !/^>=?$/.test(operator) || (type !== 'http' && type !== 'tls')) return false
      options.days = Math.min(3650, Math.max(1, Math.ceil(hours / 24)))
      return true
    }
    if (subject === '[BODY]' && type === 'dns' && operator === '==') {
      options.expect = [...(listOf(expected) ?? [expected])].slice(0, 1)
      return listOf(expected) === undefined
    }
    const inner = subject === '[BODY]' && (operator === '==' || operator === '!=') ? within(expected) : undefined
    if (inner !== undefined && type === 'http') {
      options[operator === '==' ? 'contains' : 'not_contains'] = inner
      return true
    }
    const path = /^(len\()?\[BODY\](\.[\w.[\]-]+)?\)?$/.exec(subject)
    if (!path || type !== 'http' || listOf(expected) || /^(?:pat|has)\(/.test(expected) || (!path[1] && !path[2]))
      return false
    json[`$${path[2] ?? ''}${path[1] ? '.length' : ''}`] = expectedOf(operator, expected)
    return true
  }
  for (const condition of conditions)
    if (!one(condition)) notes.push(because('import_setting_left', { setting: condition }))
  // It looks at the status only where it is asked to.
  if (type === 'http') options.status = status ?? CLASSES.map((first) => `${first}xx`)
  if (Object.keys(json).length > 0) options.json = json
  return { options, notes, ...(degraded && { degraded }) }
}
