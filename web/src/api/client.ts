import type { Fault as ServerFault } from '../../../src/api/problem.ts'
import type { Told } from '../../../src/core/said.ts'
import { hearServerTime } from '../lib/clock.ts'
import { askToSignIn } from './session.ts'

/** One thing that is wrong with what was sent, and where. */
export type Fault = ServerFault

/** A refusal of the server. `code` is stable (`network` when there was no answer), `message` is its sentence. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly faults: readonly Fault[]
  /** Of the whole. */
  readonly told: Told

  constructor(status: number, code: string, message: string, faults: readonly Fault[] = [], told: Told = {}) {
    super(message)
    this.status = status
    this.code = code
    this.faults = faults
    this.told = told
  }
}

interface Refusal extends Told {
  readonly code?: string
  readonly detail?: string
  readonly errors?: Fault[]
}

const errorOf = async (response: Response): Promise<ApiError> => {
  const { code = 'unknown', detail, errors, fault, 'x-es': said } = (await response.json().catch(() => ({}))) as Refusal
  return new ApiError(response.status, code, detail ?? response.statusText, errors, {
    ...(fault && { fault }),
    ...(said && { 'x-es': said }),
  })
}

export interface Sent {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

const request = async <T>(method: string, path: string, { body, headers, signal }: Sent = {}): Promise<T> => {
  const isFile = body instanceof Blob
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error) => {
    throw signal?.aborted ? error : new ApiError(0, 'network', 'the server does not answer')
  })
  hearServerTime(response.headers.get('date'))
  if (response.status === 401) {
    // Whoever waits for the answer goes on once somebody has signed in: what was typed stays where it is.
    await askToSignIn()
    return request(method, path, { body, ...(headers && { headers }), ...(signal && { signal }) })
  }
  if (!response.ok) throw await errorOf(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

const at = (prefix: string) => ({
  get: <T>(path: string, signal?: AbortSignal) => request<T>('GET', prefix + path, signal && { signal }),
  post: <T>(path: string, body: unknown = {}) => request<T>('POST', prefix + path, { body }),
  /** A file, as it is. */
  upload: <T>(path: string, file: Blob) => request<T>('POST', prefix + path, { body: file }),
  patch: <T>(path: string, body: unknown, headers?: Sent['headers']) =>
    request<T>('PATCH', prefix + path, { body, ...(headers && { headers }) }),
  put: <T>(path: string, body: unknown) => request<T>('PUT', prefix + path, { body }),
  delete: <T = void>(path: string, body?: unknown) => request<T>('DELETE', prefix + path, { body }),
})

export const api = at('/api/v1')
/** The alert service by its older paths, which has the log and its figures. */
export const panel = at('/alerts/api')

/** A query string of what is set. */
export const query = (parameters: Readonly<Record<string, string | number | boolean | null | undefined>>): string => {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return set.length === 0 ? '' : `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}`
}
