import { canonicalNetwork } from '#lib/net/canonical-network.ts'
import { bareLine } from './line-forms.ts'

/** What a line of fail2ban's log says, where that matters; `other` is a line of fail2ban that does not. */
export type LogMessage =
  | { readonly kind: 'found'; readonly jail: string; readonly ip: string }
  | { readonly kind: 'ban' | 'restored' | 'unban'; readonly jail: string; readonly ip: string }
  /** It failed again while it is banned, which may make its ban longer. */
  | { readonly kind: 'banned_already'; readonly jail: string }
  | { readonly kind: 'extended'; readonly jail: string; readonly ip: string; readonly until: string | undefined }
  | {
      readonly kind: 'failed'
      readonly jail: string
      readonly ip: string
      readonly what: 'ban' | 'unban' | 'reban'
      readonly action: string
    }
  /** The settings that follow are those of this jail. */
  | { readonly kind: 'jail'; readonly jail: string }
  | { readonly kind: 'configured' }
  | { readonly kind: 'jail_stopped'; readonly jail: string }
  | { readonly kind: 'setting'; readonly name: 'bantime' | 'findtime'; readonly seconds: number }
  | { readonly kind: 'stopping' | 'starting' }
  | { readonly kind: 'not_an_address'; readonly jail: string }
  | { readonly kind: 'other' }

export interface LogLine {
  /** `YYYY-MM-DD HH:MM:SS,mmm`, local and without its zone. */
  readonly time: string
  /** The same moment, ms, where the line tells its zone. */
  readonly at?: number
  readonly message: LogMessage
}

const CHANGE = /^(Found|Ban|Restore Ban|Unban|Reban|Increase Ban) ([^\s,]+)(.*)$/
const ALREADY = /^\S+ already banned$/
const EXTENDED = /^ \(\d+ # .{1,40} -> (.{1,40})\)$/
const FAILED = /^Failed to execute (ban|unban|reban) jail '([^']{1,100})' action '([^']{1,100})' info /
const FAILED_IP = /'ip': '([^'\s]{2,64})'/
const JAIL = /^(?:Creating new jail|Reload jail|Jail) '([^']{1,100})'( stopped)?$/
/** A setting that is changed later does not say of which jail it is. */
const CONFIGURED = /^(?:Jail '[^']*' (?:started|reloaded)|Reload finished)/
const SETTING = /^(banTime|findtime): (-?\d{1,12})$/i

const OTHER: LogMessage = { kind: 'other' }
const KINDS = { Ban: 'ban', 'Restore Ban': 'restored', Reban: 'restored', Unban: 'unban' } as const

const ofJail = (jail: string, text: string): LogMessage => {
  const [, verb, id, rest] = CHANGE.exec(text) ?? []
  if (verb === undefined) return ALREADY.test(text) ? { kind: 'banned_already', jail } : OTHER
  const ip = canonicalNetwork(id!)
  // The observer says it again of an address that it knows: `Found IP, bad - …`.
  if (verb === 'Found') return rest!.startsWith(',') || ip === undefined ? OTHER : { kind: 'found', jail, ip }
  // A jail can be told to ban anything; what is no address cannot be one here.
  if (ip === undefined) return { kind: 'not_an_address', jail }
  if (verb !== 'Increase Ban') return { kind: KINDS[verb as keyof typeof KINDS], jail, ip }
  const [, until] = EXTENDED.exec(rest!) ?? []
  return until === undefined ? OTHER : { kind: 'extended', jail, ip, until: until === 'infinite' ? undefined : until }
}

const ofServer = (text: string): LogMessage => {
  if (text.startsWith('Shutdown in progress') || text.startsWith('Stopping all jails')) return { kind: 'stopping' }
  if (text.startsWith('Exiting Fail2ban')) return { kind: 'stopping' }
  if (text.startsWith('Starting Fail2ban') || text.startsWith('Changed logging target')) return { kind: 'starting' }
  const [, name, seconds] = SETTING.exec(text) ?? []
  if (name !== undefined)
    return { kind: 'setting', name: name.toLowerCase() as 'bantime' | 'findtime', seconds: Number(seconds) }
  const [, jail, rest] = JAIL.exec(text) ?? []
  if (jail !== undefined) return rest === ' stopped' ? { kind: 'jail_stopped', jail } : { kind: 'jail', jail }
  if (CONFIGURED.test(text)) return { kind: 'configured' }
  const [, what, failing, action] = FAILED.exec(text) ?? []
  const [, id] = failing === undefined ? [] : (FAILED_IP.exec(text) ?? [])
  const ip = id === undefined ? undefined : canonicalNetwork(id)
  if (ip === undefined) return OTHER
  return { kind: 'failed', jail: failing!, ip, what: what as 'ban' | 'unban' | 'reban', action: action! }
}

/**
 * Reads a line of fail2ban's log, of versions 0.8 to 1.1. Undefined when it is not one: the lines of a trace of Python,
 * what an action printed, another log. `nowMs` says which year a line of syslog means.
 */
export const parseLogLine = (line: string, nowMs?: number): LogLine | undefined => {
  const bare = bareLine(line, nowMs)
  if (!bare) return undefined
  const { time, at, jail, text } = bare
  const message = jail === undefined ? ofServer(text.trim()) : ofJail(jail, text)
  return { time, message, ...(at !== undefined && { at }) }
}
