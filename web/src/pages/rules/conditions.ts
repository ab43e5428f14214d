/** A condition as the builder shows it. */
export interface Check {
  readonly kind: 'check'
  readonly id: number
  readonly field: string
  readonly operator: Operator
  readonly value: unknown
}

export interface Group {
  readonly kind: 'group'
  readonly id: number
  /** `not`: none of the parts holds. */
  readonly mode: 'all' | 'any' | 'not'
  readonly parts: readonly Node[]
}

export type Node = Check | Group

export const OPERATORS = [
  '==',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'in',
  'not_in',
  'contains',
  'matches',
  'cidr',
  'exists',
] as const
export type Operator = (typeof OPERATORS)[number]
export const isOperator = (text: string): text is Operator => (OPERATORS as readonly string[]).includes(text)

/** Operators whose value is a list. */
export const takesList = (operator: Operator): boolean =>
  operator === 'in' || operator === 'not_in' || operator === 'cidr'

let last = 0
export const newCheck = (): Check => ({ kind: 'check', id: ++last, field: '', operator: '==', value: '' })
export const newGroup = (mode: Group['mode'] = 'all', parts: readonly Node[] = []): Group => ({
  kind: 'group',
  id: ++last,
  mode,
  parts,
})

type Mapping = Readonly<Record<string, unknown>>
const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a text means as a value: a number, true, false, or itself; in quotes it is always text. */
export const parseScalar = (text: string): unknown => {
  const trimmed = text.trim()
  if (/^".*"$/.test(trimmed)) {
    try {
      return JSON.parse(trimmed)
    } catch {
      return trimmed.slice(1, -1)
    }
  }
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true'
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(trimmed) ? Number(trimmed) : text
}

export const showScalar = (value: unknown): string => {
  if (typeof value !== 'string') return value === undefined || value === null ? '' : JSON.stringify(value)
  return typeof parseScalar(value) === 'string' && parseScalar(value) === value ? value : JSON.stringify(value)
}

const checkOf = (field: string, operator: string, value: unknown): Check | undefined =>
  isOperator(operator)
    ? { kind: 'check', id: ++last, field, operator, value: operator === 'exists' ? (value ?? true) : value }
    : undefined

const WRITTEN = /^\s*(>=|<=|==|!=|>|<)\s*(.+)$/

/** One field in any of the forms that the server takes; undefined for one that the builder does not show. */
const fieldOf = (field: string, written: unknown): readonly Node[] | undefined => {
  if (typeof written === 'string') {
    const [, operator, text] = WRITTEN.exec(written) ?? []
    const check = operator && text ? checkOf(field, operator, parseScalar(text)) : undefined
    return check && [check]
  }
  if (!isMapping(written)) return undefined
  const pairs = 'operator' in written ? [[String(written.operator), written.value] as const] : Object.entries(written)
  const checks = pairs.map(([operator, value]) => checkOf(field, operator, value))
  return checks.every((check) => check !== undefined) && checks.length > 0 ? (checks as Check[]) : undefined
}

const partsOf = (conditions: unknown): readonly Node[] | undefined => {
  if (!isMapping(conditions)) return undefined
  const parts: Node[] = []
  for (const [key, value] of Object.entries(conditions)) {
    const read =
      key === 'all' || key === 'any' ? groupOf(key, value) : key === 'not' ? notOf(value) : fieldOf(key, value)
    if (!read) return undefined
    parts.push(...read)
  }
  return parts
}

const groupOf = (mode: 'all' | 'any', list: unknown): readonly Node[] | undefined => {
  if (!Array.isArray(list)) return undefined
  const members: Node[] = []
  for (const one of list) {
    const parts = partsOf(one)
    if (!parts) return undefined
    members.push(parts.length === 1 ? parts[0]! : newGroup('all', parts))
  }
  return [newGroup(mode, members)]
}

const notOf = (value: unknown): readonly Node[] | undefined => {
  const parts = partsOf(value)
  if (!parts) return undefined
  const [only] = parts
  if (parts.length === 1 && only?.kind === 'group' && only.mode === 'any') return [newGroup('not', only.parts)]
  return [newGroup('not', parts.length === 1 ? parts : [newGroup('all', parts)])]
}

/** Conditions as a tree; undefined for a form that the builder does not show. */
export const readConditions = (conditions: unknown): Group | undefined => {
  const parts = partsOf(conditions ?? {})
  if (!parts) return undefined
  const [only] = parts
  return parts.length === 1 && only?.kind === 'group' && only.mode !== 'not' ? only : newGroup('all', parts)
}

const written = (node: Node): Mapping => {
  if (node.kind === 'check') return { [node.field]: { operator: node.operator, value: node.value } }
  const parts = node.parts.map(written)
  return node.mode === 'not' ? { not: { any: parts } } : { [node.mode]: parts }
}

/** The conditions as the server takes them, in the plain form of fields where that says it all. */
export const writeConditions = (root: Group): Mapping => {
  if (root.parts.length === 0) return {}
  const fields = root.parts.map((part) => (part.kind === 'check' ? part.field : undefined))
  const plain =
    root.mode === 'all' && fields.every((field) => field !== undefined) && new Set(fields).size === fields.length
  return plain ? Object.assign({}, ...root.parts.map(written)) : written(root)
}
