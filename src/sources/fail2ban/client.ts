import type { BanAnswer, BanClient, BanFault, JailStatus, ListedBan } from '#core/ban/ban-client.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { canonicalNetwork } from '#lib/net/canonical-network.ts'
import { type ProgramEnd, runProgram } from '#lib/run/run-program.ts'
import { createLocalTime } from '#lib/time/local-time.ts'
import { parsePythonLiteral } from './python-literal.ts'

export interface Fail2banClientOptions {
  /** The program and what always stands before the command, such as `['sudo', '-n', 'fail2ban-client']`. */
  readonly command?: readonly string[]
  readonly timeoutMs?: number
  /** Time zone of the machine that fail2ban runs on; absent: this one's. */
  readonly timeZone?: string | undefined
}

const DEFAULT_COMMAND = ['fail2ban-client'] as const
const TIMEOUT_MS = 5000
const LONGEST_ANSWER = 16 << 20
/** No leading hyphen: it would be read as an option. */
const JAIL = /^[\w.@:+][\w.@:+-]{0,99}$/
/** fail2ban takes nearly any name: those are asked for only where it lists them itself. Never what a shell could act on. */
const ODD_JAIL = /^[\p{L}\p{N}_.@:+/()[\]#=~][\p{L}\p{N}\p{M} _.@:+/()[\]#=~-]{0,99}$/u

const isJailName = (name: string): boolean => JAIL.test(name) || ODD_JAIL.test(name)

const FAULTS: readonly (readonly [RegExp, Exclude<keyof typeof SAID, 'refused'>])[] = [
  [/does not exist/i, 'no_such_jail'],
  [/permission denied|a password is required|you must be root/i, 'no_permission'],
  [
    /failed to access socket|unable to contact server|connection refused|is fail2ban running|not running/i,
    'not_running',
  ],
]
/** What it is told with, and what helps. */
const SAID = {
  no_such_jail: 'fail2ban_refused',
  no_permission: 'fail2ban_not_permitted',
  not_running: 'fail2ban_not_running',
  refused: 'fail2ban_refused',
} as const

const CLIPPED = 300
/** What its client's own log puts before a sentence: when, who, and how grave. */
const LOG_HEAD = /^\d{4}-\d\d-\d\d [\d:,]+ .*?\[\d+\]: [A-Z]+\s+/
const firstLine = (text: string): string =>
  (text.trim().split('\n').at(-1) ?? '').replace(LOG_HEAD, '').slice(0, CLIPPED)

const failed = (program: string, { failure: error, stdout, stderr }: ProgramEnd): BanAnswer<never> => {
  const fail = (fault: BanFault, why: Cause): BanAnswer<never> => ({ ok: false, fault, why })
  if (error?.code === 'ENOENT') return fail('absent', because('fail2ban_program_missing', { program }))
  if (error?.code === 'EACCES' || error?.code === 'EPERM')
    return fail('no_permission', because('fail2ban_program_forbidden', { program }))
  if (error?.killed) return fail('timeout', because('fail2ban_unanswered', { program }))
  const lines = `${stderr}\n${stdout}`.split('\n')
  const [form, fault = 'refused' as const] = FAULTS.find(([one]) => lines.some((line) => one.test(line))) ?? []
  // The line that tells the fault; the others repeat the command.
  const telling = form && lines.find((line) => form.test(line))
  const said = firstLine(telling ?? '') || firstLine(stderr) || firstLine(stdout) || firstLine(error?.message ?? '')
  const words = `${said.replace(/\.$/, '')}${said.endsWith('?') ? '' : '.'}`
  return fail(fault, because(SAID[fault], { words }))
}

const valueAfter = (text: string, label: string): string | undefined =>
  text
    .split('\n')
    .flatMap((line) => line.split(`${label}:`)[1] ?? [])[0]
    ?.trim()

const statusOf = (jail: string, text: string): JailStatus => {
  const count = (label: string) => Number(valueAfter(text, label) ?? 0) || 0
  return {
    name: jail,
    currentlyFailed: count('Currently failed'),
    totalFailed: count('Total failed'),
    currentlyBanned: count('Currently banned'),
    totalBanned: count('Total banned'),
    bannedIps: (valueAfter(text, 'Banned IP list') ?? '').split(/\s+/).filter(Boolean),
  }
}

/** `203.0.113.7 \t2026-11-20 23:56:37 + 6 = 2026-11-20 23:56:43`; a permanent one has `+ -1`. */
const LISTED = /^(\S+)\s+(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \+ (-?\d+) = /

const listedBan = (jail: string, line: string, timeOf: (text: string) => number | undefined): ListedBan[] => {
  const [, written, time, length] = LISTED.exec(line) ?? []
  const ip = written === undefined ? undefined : canonicalNetwork(written)
  if (ip === undefined) return []
  const since = timeOf(time!) ?? null
  const seconds = Number(length)
  return [{ jail, ip, since, expiresAt: since === null || seconds < 0 ? null : since + seconds * 1000 }]
}

/**
 * fail2ban, asked through its own client: a program of its own, never a shell. Addresses and names of jails are checked
 * before they are handed on, because fail2ban bans any text that it is told to.
 */
export const createFail2banClient = (options: Fail2banClientOptions = {}): BanClient => {
  const { command = DEFAULT_COMMAND, timeoutMs = TIMEOUT_MS, timeZone } = options
  const [program, ...first] = command as readonly [string, ...string[]]

  const call = async (...words: readonly string[]): Promise<BanAnswer<string>> => {
    // Nothing else of our surroundings, which may hold secrets, is any business of a helper.
    const env = { PATH: process.env.PATH, LC_ALL: 'C' }
    const end = await runProgram(program, [...first, ...words], { timeout: timeoutMs, maxBuffer: LONGEST_ANSWER, env })
    return end.failure ? failed(program, end) : { ok: true, value: end.stdout }
  }

  const refusal = (why: Cause): BanAnswer<never> => ({ ok: false, fault: 'refused', why })
  const noSuchJail: BanAnswer<never> = { ok: false, fault: 'no_such_jail', why: because('fail2ban_jail_unknown') }

  const listJails = async (): Promise<BanAnswer<readonly string[]>> => {
    const answer = await call('status')
    if (!answer.ok) return answer
    const names = (valueAfter(answer.value, 'Jail list') ?? '').split(',').map((name) => name.trim())
    return { ok: true, value: names.filter(isJailName) }
  }

  const checked = async <T>(jail: string, then: () => Promise<BanAnswer<T>>): Promise<BanAnswer<T>> => {
    if (JAIL.test(jail)) return then()
    if (!ODD_JAIL.test(jail)) return noSuchJail
    const listed = await listJails()
    if (!listed.ok) return listed
    return listed.value.includes(jail) ? then() : noSuchJail
  }

  const number = async (answer: Promise<BanAnswer<string>>): Promise<BanAnswer<number>> => {
    const answered = await answer
    if (!answered.ok) return answered
    const value = Number(answered.value.trim())
    return Number.isFinite(value)
      ? { ok: true, value }
      : refusal(because('fail2ban_answered', { words: firstLine(answered.value) }))
  }

  const change = (jail: string, verb: 'banip' | 'unbanip', ip: string): Promise<BanAnswer<number>> =>
    checked(jail, async () => {
      const address = canonicalNetwork(ip)
      return address === undefined
        ? refusal(because('fail2ban_address_unknown'))
        : number(call('set', jail, verb, address))
    })

  return {
    jails: listJails,

    status: (jail) =>
      checked(jail, async () => {
        const answer = await call('status', jail)
        return answer.ok ? { ok: true, value: statusOf(jail, answer.value) } : answer
      }),

    banned: (jail) =>
      checked<readonly ListedBan[]>(jail, async () => {
        const timed = await call('get', jail, 'banip', '--with-time')
        if (timed.ok) {
          const timeOf = createLocalTime(timeZone)
          return { ok: true, value: timed.value.split('\n').flatMap((line) => listedBan(jail, line, timeOf)) }
        }
        if (timed.fault !== 'refused') return timed
        // Versions before 0.10 tell no times.
        const plain = await call('get', jail, 'banned')
        if (!plain.ok) return plain
        const listed = parsePythonLiteral(plain.value)
        if (!Array.isArray(listed)) return refusal(because('fail2ban_answered_no_list'))
        const ips = listed.flatMap((ip) => (typeof ip === 'string' ? (canonicalNetwork(ip) ?? []) : []))
        return { ok: true, value: ips.map((ip) => ({ jail, ip, since: null, expiresAt: null })) }
      }),

    ban: (jail, ip) => change(jail, 'banip', ip),
    unban: (jail, ip) => change(jail, 'unbanip', ip),
    bantime: (jail) => checked(jail, () => number(call('get', jail, 'bantime'))),
  }
}
