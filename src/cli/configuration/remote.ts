import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { PlanView } from '#api/v1/configuration-view.ts'
import { readSource } from '#config/read-source.ts'
import { isObject } from '#lib/json.ts'
import { CommandError } from '../command.ts'
import { languageOf } from '../language.ts'
import { problemsText } from '../read-config.ts'
import { readText } from './read-text.ts'

const PATIENCE_MS = 120_000

const networkWords = (error: unknown): string => {
  const { cause, name, message } = error as {
    cause?: { code?: string; message?: string }
    name: string
    message: string
  }
  if (name === 'TimeoutError') return `does not answer within ${PATIENCE_MS / 1000} s`
  if (cause?.code === 'ECONNREFUSED') return 'nobody answers there: is the server running, and is this its address?'
  return cause?.message ?? message
}

const statusWords = (status: number, body: unknown): string => {
  if (status === 401)
    return 'the token is missing or not valid: set VIGIA_TOKEN to one that "vigia token create --role administrator" prints'
  if (status === 403) return 'this token may not change the configuration: it needs the role administrator'
  if (status === 404)
    return 'this server does not know of this: it is of an earlier version, or no Vigía. Use the vigia of its version, or upgrade it'
  if (status === 413) return 'the file and its tables are too large to be sent: split it'
  const { detail, errors } = (isObject(body) ? body : {}) as {
    detail?: string
    errors?: { path: string; message: string }[]
  }
  if (errors?.length) return errors.map(({ path, message }) => `${path}: ${message}`).join('\n')
  return detail ?? `it answers with status ${status}`
}

/** Asks a running server; ends the command with what it says where it refuses. */
export const askServer = async <Answer>(base: string, path: string, body?: object): Promise<Answer> => {
  const url = `${base}/api/v1/${path}`
  const token = process.env.VIGIA_TOKEN
  const request = {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }
  const failed = (words: string): never => {
    throw new CommandError(`${base}: ${words}`, 1)
  }
  const response = await fetch(url, request).catch((error: unknown) => failed(networkWords(error)))
  const text = await response.text().catch((error: unknown) => failed(networkWords(error)))
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    answer = undefined
  }
  if (!response.ok) failed(statusWords(response.status, answer))
  if (answer === undefined) failed('what answers there is no Vigía')
  return answer as Answer
}

/** Names of the environment that a text refers to. */
const namesIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/\$\{([A-Za-z_]\w*)/g)].map(([, name]) => name!))

/** Tables that stand beside a file, base64 by the names that it gives them; what is missing the server says. */
const tablesOf = (value: unknown, folder: string): Record<string, string> => {
  const entries = isObject(value) && Array.isArray(value.monitors) ? value.monitors : []
  const profiles = isObject(value) && isObject(value.profiles) ? Object.values(value.profiles) : []
  const names = new Set(
    [...entries, ...profiles].flatMap((one) => (isObject(one) && typeof one.from === 'string' ? one.from : [])),
  )
  const read = (name: string) => {
    try {
      return [[name, readFileSync(resolve(folder, name)).toString('base64')]]
    } catch {
      return []
    }
  }
  return Object.fromEntries([...names].flatMap(read))
}

export interface Asked {
  readonly prune: boolean
  readonly beside: boolean
  readonly replay?: string | undefined
}

/** Hands a file to a running server with all that it refers to. */
export const sendFile = async (
  base: string,
  what: 'plan' | 'apply',
  file: string,
  environment: NodeJS.ProcessEnv,
  asked: Asked,
): Promise<PlanView> => {
  const text = readText(file)
  const read = readSource(text, file, undefined)
  if (!read.ok) throw new CommandError(problemsText(read.problems, languageOf(environment)), 1)
  const names = namesIn(text)
  return askServer<PlanView>(base, `configuration/${what}`, {
    file,
    text,
    environment: Object.fromEntries(Object.entries(environment).filter(([name, value]) => names.has(name) && value)),
    tables: tablesOf(read.source.value, dirname(file)),
    ...asked,
  })
}
