import { isObject } from '#lib/json.ts'
import { leftAddress } from '#lib/run/address-file.ts'
import { accountsOf } from './accounts-of.ts'
import { BY_COMMAND, CommandError } from './command.ts'
import { withStorage } from './with-storage.ts'

/** Asks the server that runs on a data folder; its answer as it is. Throws CommandError with what it refuses. */
export type AskRunning = <Answer>(method: string, path: string, body?: object | Blob) => Promise<Answer>

/** So long a command may take at most. */
const LASTS_MS = 3_600_000

const refusalOf = (status: number, text: string): string => {
  try {
    const body: unknown = JSON.parse(text)
    if (isObject(body) && typeof body.detail === 'string') return body.detail
  } catch {
    // What is no JSON is not from the server.
  }
  return `the server answers ${status}`
}

const askAt =
  (url: string, token: string): AskRunning =>
  async (method, path, body) => {
    const isFile = body instanceof Blob
    const type = isFile ? 'application/octet-stream' : 'application/json'
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': type }) },
      ...(body && { body: isFile ? body : JSON.stringify(body) }),
    }).catch((error: Error) => {
      const { cause } = error
      throw new CommandError(`${url} does not answer: ${cause instanceof Error ? cause.message : error.message}`, 1)
    })
    const text = await answer.text()
    if (!answer.ok) throw new CommandError(refusalOf(answer.status, text), 1)
    return (text === '' ? undefined : JSON.parse(text)) as never
  }

/**
 * Has the server that runs on this data folder do something, as an administrator: whoever may write the folder may make a
 * token, which ends with the command.
 */
export const withRunningServer = async <T>(
  folder: string,
  name: string,
  work: (ask: AskRunning) => Promise<T>,
): Promise<T> => {
  const url = leftAddress(folder)
  if (url === undefined)
    throw new CommandError(
      'the server that uses this data folder has no address to ask at: stop it first, or start it with one',
      1,
    )
  let result: { readonly value: T } | undefined
  await withStorage(folder, async (storage) => {
    const accounts = accountsOf(storage)
    const made = await accounts.createToken(BY_COMMAND, { name, role: 'administrator', lastsMs: LASTS_MS })
    try {
      result = { value: await work(askAt(url, made.token)) }
    } finally {
      await accounts.revokeToken(BY_COMMAND, made.id)
    }
  })
  return result!.value
}
