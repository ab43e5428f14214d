import { lookup } from 'node:dns/promises'
import { closeSync, openSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ProbeTools, Resolved } from '#core/probe.ts'
import type { ErrorCode } from '#core/result.ts'

type Answer = Awaited<ReturnType<ProbeTools['resolve']>>
type Failure = { readonly code: ErrorCode; readonly message: string }

/** How long an answer of the system's resolver is used: it tells no TTL, and a name that moves must be followed. */
const KEEP_MS = 30_000
const KEEP_FAILURE_MS = 2000
/** While the resolver is out of order, an old answer is better than none. */
const KEEP_STALE_MS = 3_600_000
const NAMES_KEPT = 50_000

const NOT_FOUND = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA'])

/** The system's resolver does not say that it could not even open its files: it knows no name then. */
const lacksDescriptors = (): boolean => {
  try {
    closeSync(openSync('/dev/null', 'r'))
    return false
  } catch (error) {
    return ['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
}

const failureOf = (host: string, error: NodeJS.ErrnoException): Failure => {
  if (lacksDescriptors())
    return { code: 'no_descriptors', message: `${host} was not looked up: this process has too many open files` }
  return NOT_FOUND.has(error.code ?? '')
    ? { code: 'dns_not_found', message: `${host} has no address` }
    : { code: 'dns_failed', message: `the resolver did not answer for ${host} (${error.code ?? error.message})` }
}

interface Entry {
  readonly answer: readonly string[] | Failure
  readonly until: number
  readonly staleUntil: number
}

/**
 * Addresses of names by the system's resolver (so that /etc/hosts counts), cached, each name asked once at a time,
 * never blocking the thread.
 */
export const createResolver = (
  monotonic: () => number = () => performance.now(),
): Pick<ProbeTools, 'resolve' | 'known'> => {
  const cache = new Map<string, Entry>()
  const asking = new Map<string, Promise<readonly string[] | Failure>>()

  const keep = (key: string, answer: readonly string[] | Failure) => {
    const now = monotonic()
    const failed = 'code' in answer
    if (cache.size >= NAMES_KEPT) cache.delete(cache.keys().next().value!)
    cache.set(key, {
      answer,
      until: now + (failed ? KEEP_FAILURE_MS : KEEP_MS),
      staleUntil: now + (failed ? 0 : KEEP_STALE_MS),
    })
  }

  const ask = async (host: string, family: 0 | 4 | 6, key: string): Promise<readonly string[] | Failure> => {
    const before = cache.get(key)
    try {
      const found = await lookup(host, { family, all: true, order: 'verbatim' })
      const addresses = found.map(({ address }) => address)
      keep(key, addresses)
      return addresses
    } catch (error) {
      const failure = failureOf(host, error as NodeJS.ErrnoException)
      if (failure.code !== 'dns_not_found' && before && monotonic() < before.staleUntil) return before.answer
      if (failure.code !== 'no_descriptors') keep(key, failure)
      return failure
    }
  }

  const lookUp = (host: string, family: 0 | 4 | 6): Promise<readonly string[] | Failure> => {
    const key = `${family} ${host.toLowerCase()}`
    const known = cache.get(key)
    if (known && monotonic() < known.until) return Promise.resolve(known.answer)
    let question = asking.get(key)
    if (!question) {
      question = ask(host, family, key).finally(() => asking.delete(key))
      asking.set(key, question)
    }
    return question
  }

  const known: ProbeTools['known'] = (host, family) => {
    const literal = isIP(host.split('%')[0]!)
    if (literal !== 0) return family === 0 || literal === family ? [host] : undefined
    const entry = cache.get(`${family} ${host.toLowerCase()}`)
    return entry && monotonic() < entry.until && !('code' in entry.answer) ? entry.answer : undefined
  }

  const resolve = async (host: string, family: 0 | 4 | 6, signal: AbortSignal): Promise<Answer> => {
    const literal = isIP(host.split('%')[0]!)
    if (literal !== 0) {
      if (family !== 0 && literal !== family)
        return { code: 'bad_address', message: `${host} is not an IPv${family} address` }
      return { addresses: [host], ms: 0 }
    }
    const started = monotonic()
    const aborted = new Promise<Failure>((resolve) => {
      const give = () => resolve({ code: 'timeout', message: `the resolver did not answer for ${host} in time` })
      if (signal.aborted) give()
      signal.addEventListener('abort', give, { once: true })
    })
    const answer = await Promise.race([lookUp(host, family), aborted])
    return 'code' in answer ? answer : ({ addresses: answer, ms: monotonic() - started } satisfies Resolved)
  }
  return { resolve, known }
}
