import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { because, type Cause } from '#core/cause/cause.ts'
import type { ErrorCode } from '#core/result/result.ts'
import { isLoopback } from './links.ts'

/** Knows when no network interface of this machine has a link, so that nobody can be reached, whoever fails. */
export interface CutOff {
  /** What is wrong, undefined while any interface has a link, and for a machine that has none but loopback. */
  reason(): Cause | undefined
  /** The same where it was so when last asked for: an idle second reads nothing. */
  standing(): Cause | undefined
}

/** What is asked for again no sooner: thousands may fail in the same moment. */
const FRESH_MS = 1000
/** After a link has come back the network needs a while as well: addresses, routes, spanning trees. */
const RETURNING_MS = 10_000
const LOOPBACK = 'lo'
const NAMES_TOLD = 3

/** `1`: there is a link. One that is switched off has no answer at all (EINVAL). */
const hasLink = (folder: string, name: string): boolean => {
  try {
    return readFileSync(join(folder, name, 'carrier'), 'utf8').trim() === '1'
  } catch {
    return false
  }
}

/** Of linux/if_arp.h: Ethernet, and what behaves like it, bridges and ends of containers among them. */
const ETHERNET = '1'

/** A modem's line or a tunnel has no device, and may be the way out all the same. */
const isLine = (folder: string, name: string): boolean => {
  const path = join(folder, name, 'type')
  return existsSync(path) && readFileSync(path, 'utf8').trim() !== ETHERNET
}

/**
 * The interfaces that lead out of this machine: those with a device, lines and tunnels; where there is no device, as in
 * a container, all but loopback.
 */
const outward = (folder: string): readonly string[] => {
  const names = readdirSync(folder).filter((name) => name !== LOOPBACK && existsSync(join(folder, name, 'carrier')))
  const devices = names.filter((name) => existsSync(join(folder, name, 'device')))
  return devices.length > 0 ? names.filter((name) => devices.includes(name) || isLine(folder, name)) : names
}

const look = (folder: string): Cause | undefined => {
  try {
    const names = outward(folder)
    if (names.length === 0 || names.some((name) => hasLink(folder, name))) return undefined
    const more = names.length > NAMES_TOLD ? ` … +${names.length - NAMES_TOLD}` : ''
    return because('no_link', { interfaces: `${names.slice(0, NAMES_TOLD).join(', ')}${more}` })
  } catch {
    // Another system, or one that does not tell: nothing is claimed.
    return undefined
  }
}

/** Of a machine whose interfaces are told by `folder`; `monotonic` in ms. */
export const createCutOff = (monotonic: () => number, folder = '/sys/class/net'): CutOff => {
  let lookedAt = Number.NEGATIVE_INFINITY
  let cutAt = Number.NEGATIVE_INFINITY
  let found: Cause | undefined
  const reason = () => {
    const now = monotonic()
    if (now - lookedAt < FRESH_MS) return found
    lookedAt = now
    const present = look(folder)
    if (present !== undefined) cutAt = now
    if (present !== undefined || now - cutAt >= RETURNING_MS) found = present
    return found
  }
  return { reason, standing: () => found && reason() }
}

const SILENCES: ReadonlySet<ErrorCode> = new Set([
  'timeout',
  'unreachable',
  'no_route',
  'dns_failed',
  'resolver_silent',
])

/** What nobody but this machine may have had a part in: an answer of any kind came from elsewhere. */
export const mayComeOfCutOff = (code: ErrorCode): boolean => SILENCES.has(code)

const isOwn = (host: string): boolean => host === 'localhost' || isLoopback(host)

/** True of a target on this machine itself, which needs no link. */
export const isOnThisMachine = (hosts: readonly string[]): boolean => hosts.length > 0 && hosts.every(isOwn)
