import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** The process's environment over what `.env` of the working folder says, as the older tools read it. */
export const readEnvironment = (path = './.env'): NodeJS.ProcessEnv =>
  existsSync(path) ? { ...parseEnv(readFileSync(path, 'utf8')), ...process.env } : process.env

/** A name that a text refers to and that has no value. */
export interface MissingName {
  readonly missing: string
}

/** Replaces `${NAME}` and `${NAME:-default}`; `$${` stands for `${` itself. */
export const expandText = (text: string, environment: NodeJS.ProcessEnv): string | MissingName => {
  let missing: string | undefined
  const expanded = text.replace(
    /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g,
    (whole, name?: string, fallback?: string) => {
      if (name === undefined) return whole.slice(1)
      const value = environment[name] || fallback
      if (value === undefined) missing ??= name
      return value ?? ''
    },
  )
  return missing === undefined ? expanded : { missing }
}
