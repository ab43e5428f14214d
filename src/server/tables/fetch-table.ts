import { exchange } from '#channels/http/http-exchange.ts'
import { errorCode } from '#channels/http/network-error.ts'
import type { SendContext } from '#core/channel.ts'
import type { TableWanted } from '#core/table-wanted.ts'
import { done, failed, type Result } from '#lib/result.ts'
import { runProgram } from '#lib/run/run-program.ts'
import type { Timers } from '#lib/time/timers.ts'

/** The longest table, bytes, and the longest wait for it, ms. */
const LONGEST = 16 * 1024 ** 2
const PATIENCE_MS = 60_000

const UNTRACED = { steps: [], mark: () => {} }

export interface FetchDeps {
  readonly resolve?: SendContext['resolve']
  readonly timers: Timers
  readonly signal: AbortSignal
}

type Fetched = Result<string, string>

/** Where it leads is the file's to say: nobody else sends this server anywhere. */
const fetchUrl = async (
  address: string,
  headers: TableWanted['headers'],
  { resolve, timers, signal }: FetchDeps,
): Promise<Fetched> => {
  const url = new URL(address)
  const ending = new AbortController()
  const timer = timers.after(PATIENCE_MS, () => ending.abort())
  const request = {
    url: url.href,
    method: 'GET',
    headers,
    secrets: [],
    longestAnswer: LONGEST + 1,
    bodyPatienceMs: PATIENCE_MS,
  }
  try {
    const reach = { timers, ...(resolve && { resolve }) }
    const answer = await exchange(url, request, reach, AbortSignal.any([ending.signal, signal]), UNTRACED)
    if (answer.status >= 300 && answer.status < 400) {
      const to = URL.parse(answer.headers.location ?? '', url)
      return failed(`${url.host} answers ${answer.status} and leads to ${to?.host ?? 'nowhere'}: name that address`)
    }
    if (answer.status !== 200) return failed(`${url.host} answers ${answer.status}`)
    if (Buffer.byteLength(answer.body) > LONGEST) return failed(`${url.host}: more than ${LONGEST / 1024 ** 2} MB`)
    return done(answer.body)
  } catch (error) {
    return failed(`${url.host}: ${ending.signal.aborted ? 'no answer' : errorCode(error) || (error as Error).message}`)
  } finally {
    timers.clear(timer)
  }
}

const runCommand = async (
  [program, ...args]: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<Fetched> => {
  const { failure, stdout, stderr } = await runProgram(program, args, {
    timeout: PATIENCE_MS,
    maxBuffer: LONGEST,
    signal,
  })
  if (!failure) return done(stdout)
  const said = stderr.trim().split('\n').at(-1)?.slice(0, 200)
  return failed(
    `${program}: ${failure.killed ? 'took too long, or printed too much' : (said || failure.message).slice(0, 200)}`,
  )
}

/** The text of a table as it is now, or why it cannot be had; names no key that stands in an address. */
export const fetchTable = ({ from, headers }: TableWanted, deps: FetchDeps): Promise<Fetched> =>
  'url' in from ? fetchUrl(from.url, headers, deps) : runCommand(from.command, deps.signal)
