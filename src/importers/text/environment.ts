import { parseEnv } from 'node:util'

/** Values of a file that names variables, however it does: `.env`, a shell script, a unit of systemd, a compose file. */
export interface NamedValue {
  readonly value: string
  /** From 1. */
  readonly line: number
}

/** The values of some variables that a text sets, by their names. Nothing in it is run. */
export const readVariables = (text: string, names: readonly string[]): ReadonlyMap<string, NamedValue> => {
  const parsed = parseEnv(text.replaceAll(/^[ \t]*(?:-[ \t]+|Environment=|ENV[ \t]+)["']?(?=[A-Z_]+[=:])/gm, ''))
  const found = new Map<string, NamedValue>()
  for (const name of names) {
    const at = new RegExp(`^[^\\n#]*\\b${name}[ \\t]*[=:]`, 'm').exec(text)
    if (!at) continue
    const line = text.slice(0, at.index).split('\n').length
    const written = text.slice(at.index + at[0].length).split('\n', 1)[0]!
    const value = parsed[name] ?? written.trim()
    found.set(name, { value: value.replace(/^(["'])(.*)\1$/, '$2').replace(/["']$/, ''), line })
  }
  return found
}
