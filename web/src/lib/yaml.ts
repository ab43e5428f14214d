/** Words that YAML 1.1 or 1.2 readers take for something else than text. */
const SPECIAL = /^(true|false|yes|no|on|off|null|~|)$/i
const PLAIN = /^[A-Za-z_./][\w ./:@+-]*$/

const scalar = (value: unknown): string => {
  if (typeof value !== 'string') return JSON.stringify(value)
  const plain =
    PLAIN.test(value) && !SPECIAL.test(value) && !value.includes(': ') && !value.endsWith(':') && value.trim() === value
  return plain ? value : JSON.stringify(value)
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const lines = (value: Readonly<Record<string, unknown>>, indent: string): readonly string[] =>
  Object.entries(value).flatMap(([key, one]) => {
    const name = `${indent}${scalar(key)}:`
    if (isMapping(one)) return Object.keys(one).length === 0 ? [`${name} {}`] : [name, ...lines(one, `${indent}  `)]
    if (Array.isArray(one))
      return [
        `${name} [${one.map((item) => (typeof item === 'object' ? JSON.stringify(item) : scalar(item))).join(', ')}]`,
      ]
    return [`${name} ${scalar(one)}`]
  })

/** One entry of a list, as YAML. JSON is YAML too, so what is not plain is quoted as JSON quotes it. */
export const yamlItem = (value: Readonly<Record<string, unknown>>): string =>
  `  - ${lines(value, '    ').join('\n').trimStart()}\n`
