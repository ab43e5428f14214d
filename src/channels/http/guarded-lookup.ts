import { isIP, type LookupFunction } from 'node:net'
import type { Cause } from '#core/cause/cause.ts'
import type { TargetGuard } from '#core/channel.ts'
import { type FindAddresses, findBySystem } from './lookup.ts'

/** The guard refused an address, and why. */
export class ForbiddenTarget extends Error {
  readonly code = 'FORBIDDEN_TARGET'
  readonly why: Cause

  constructor(why: Cause) {
    super(why.code)
    this.why = why
  }
}

const checkAddress = (url: URL, address: string, guard: TargetGuard) => {
  const refusal = guard(url, address)
  if (refusal !== undefined) throw new ForbiddenTarget(refusal)
}

/** An address literal is never looked up, so it is checked before. Throws ForbiddenTarget. */
export const checkLiteral = (url: URL, guard: TargetGuard | undefined) => {
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (guard && isIP(literal) !== 0) checkAddress(url, literal, guard)
}

/**
 * Looks the name up and checks what it found: the address that was checked is the one that is connected to, so a name
 * that resolves differently the next moment changes nothing.
 */
export const guardedLookup =
  (url: URL, guard: TargetGuard | undefined, find: FindAddresses = findBySystem): LookupFunction =>
  (hostname, options, callback) =>
    find(hostname, options.family, (error, addresses) => {
      try {
        if (error) throw error
        if (guard) for (const { address } of addresses) checkAddress(url, address, guard)
      } catch (refusal) {
        return callback(refusal as NodeJS.ErrnoException, [])
      }
      const [first] = addresses
      if (options.all || first === undefined) callback(null, [...addresses])
      else callback(null, first.address, first.family)
    })

/** What a socket to a host needs so that no other address is connected to. Throws ForbiddenTarget for a literal. */
export const guardedPlace = (host: string, port: number, guard: TargetGuard | undefined, find: FindAddresses) => {
  const url = URL.parse(`smtp://${host}:${port}`) ?? new URL('smtp://unnamed')
  if (guard && isIP(host) !== 0) checkAddress(url, host, guard)
  return { host, port, lookup: guardedLookup(url, guard, find) }
}
