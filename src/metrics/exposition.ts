/** The two text formats that Prometheus reads: its own, and OpenMetrics. */
export type Format = 'text' | 'openmetrics'

export type FamilyType = 'gauge' | 'counter' | 'histogram' | 'info'

/**
 * What a family is called without the suffix of its samples: a counter's samples end in `_total`, an info's in `_info`.
 */
export interface Family {
  readonly name: string
  readonly type: FamilyType
  readonly help: string
}

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** Ends an answer in OpenMetrics; nothing in the older format. */
export const endOf = (format: Format): string => (format === 'openmetrics' ? '# EOF\n' : '')

/**
 * The format that an `Accept` header prefers by its weights. The older one where it prefers none of both, and where it
 * asks for an OpenMetrics that we do not speak.
 */
export const negotiate = (accept: string | undefined): Format => {
  const weightOf = (wanted: (type: string) => boolean): number =>
    Math.max(
      0,
      ...(accept ?? '').split(',', 32).map((part) => {
        const [type = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase())
        const version = parameters.find((one) => one.startsWith('version='))?.slice(8)
        if (!wanted(type) || (type === 'application/openmetrics-text' && version && !/^(0\.0\.1|1\.)/.test(version)))
          return 0
        const weight = Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1)
        return Number.isNaN(weight) ? 0 : weight
      }),
    )
  const openmetrics = weightOf((type) => type === 'application/openmetrics-text')
  const text = weightOf((type) => type === 'text/plain')
  return openmetrics > 0 && openmetrics >= text ? 'openmetrics' : 'text'
}

const SAMPLE_SUFFIX: Readonly<Partial<Record<FamilyType, string>>> = { counter: '_total', info: '_info' }

/** The name that the samples of a family carry. */
export const sampleName = ({ name, type }: Pick<Family, 'name' | 'type'>): string =>
  `${name}${SAMPLE_SUFFIX[type] ?? ''}`

/** The lines above the samples of a family. */
export const header = (family: Family, format: Format): string => {
  const { type, help } = family
  const openmetrics = format === 'openmetrics'
  const name = openmetrics ? family.name : sampleName(family)
  const typeName = type === 'info' && !openmetrics ? 'gauge' : type
  return `# HELP ${name} ${escapeHelp(help, format)}\n# TYPE ${name} ${typeName}\n`
}

const HELP_SPECIAL = /[\\\n"]/

const escapeHelp = (text: string, format: Format): string => {
  if (!HELP_SPECIAL.test(text)) return text
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped
}

/** A number as both formats read it. */
export const numberText = (value: number): string =>
  value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value)
