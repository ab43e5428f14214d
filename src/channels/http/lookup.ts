import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import type { SendContext } from '#core/channel.ts'
import type { ErrorCode } from '#core/result/result.ts'

/** The code of an error that says that nobody who looks names up answers. */
export const RESOLVER_SILENT = 'ERESOLVERSILENT'

type Found = readonly { readonly address: string; readonly family: number }[]
type HearFound = (error: NodeJS.ErrnoException | null, addresses: Found) => void

/** Finds the addresses of a name, of one IP version where `family` says so. */
export type FindAddresses = (hostname: string, family: number | string | undefined, hear: HearFound) => void

/** Asks the system, which lets one name wait for others. */
export const findBySystem: FindAddresses = (hostname, family, hear) =>
  lookup(hostname, { all: true, ...(family !== undefined && { family: versionOf(family) }) }, (error, addresses) =>
    hear(error, addresses ?? []),
  )

const versionOf = (family: number | string | undefined): 0 | 4 | 6 =>
  family === 4 || family === 'IPv4' ? 4 : family === 6 || family === 'IPv6' ? 6 : 0

const CODES: Partial<Record<ErrorCode, string>> = {
  dns_not_found: 'ENOTFOUND',
  resolver_silent: RESOLVER_SILENT,
  no_descriptors: 'EMFILE',
}

/** Asks the resolver that a channel is lent, until the signal aborts; the system where it is lent none. */
export const findBy = (resolve: SendContext['resolve'], signal: AbortSignal): FindAddresses =>
  resolve === undefined
    ? findBySystem
    : (hostname, family, hear) => {
        resolve(hostname, versionOf(family), signal).then((found) => {
          if ('code' in found)
            return hear(
              Object.assign(new Error(found.code, { cause: found.cause }), { code: CODES[found.code] ?? 'EAI_AGAIN' }),
              [],
            )
          hear(
            null,
            found.addresses.map((address) => ({ address, family: isIP(address) })),
          )
        })
      }
