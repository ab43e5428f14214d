import { because } from '#core/cause/cause.ts'
import { lazily } from '#lib/run/lazily.ts'
import { problemSaid } from '#templates/said.ts'
import { expandText } from './env.ts'
import { readPlainYaml } from './plain-yaml.ts'
import { type ConfigSource, type Path, type ReadSource, readWholeSource } from './source.ts'

/** Bytes. */
export const LARGEST_FILE = 16 * 1024 * 1024

export const tooLarge = (file: string) =>
  ({ ok: false, problems: [{ file, line: 1, column: 1, ...problemSaid(because('file_too_large')) }] }) as const

/** Offsets at which lines begin. */
const linesOf = (text: string): readonly number[] => {
  const found = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) found.push(at + 1)
  return found
}

/** The number of the line in which an offset lies, from 1. */
const lineAt = (lines: readonly number[], offset: number): number => {
  let [low, high] = [0, lines.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (lines[middle]! <= offset) low = middle
    else high = middle
  }
  return low + 1
}

/**
 * Reads YAML (or JSON) text, expands `${NAME}` in it where there is an environment, and keeps the places of its values. What
 * the quick reader does not know, the whole one reads; it also says where a value stands that something is wrong with.
 */
export const readSource = (text: string, file: string, environment: NodeJS.ProcessEnv | undefined): ReadSource => {
  if (text.length > LARGEST_FILE) return tooLarge(file)
  const readWhole = () => readWholeSource(text, file, environment)
  const expand = (one: string): string | undefined => {
    const expanded = environment && one.includes('${') ? expandText(one, environment) : one
    return typeof expanded === 'string' ? expanded : undefined
  }
  const plain = readPlainYaml(text, expand)
  if (!plain) return readWhole()
  const value = plain.value ?? {}
  const places = lazily((): ConfigSource => {
    const whole = readWhole()
    if (!whole.ok) throw new Error('a text that the quick reader takes is refused by the whole one')
    return whole.source
  })
  const lines = lazily(() => linesOf(text))
  const startOf = (path: Path): number | undefined => {
    const index = path.at(-1)
    if (typeof index !== 'number') return undefined
    const list = path
      .slice(0, -1)
      .reduce<unknown>((one, part) => (one as Record<string, unknown> | undefined)?.[part], value)
    return plain.starts.get(list)?.[index]
  }
  return {
    ok: true,
    source: {
      value,
      problem: (...at) => places().problem(...at),
      origin: (path) => {
        const start = startOf(path)
        return start === undefined ? places().origin(path) : `${file}:${lineAt(lines(), start)}`
      },
    },
  }
}
