import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'

export interface NagiosLook {
  readonly look: Pick<MonitorEntry, 'type' | 'options'>
  readonly notes: readonly Cause[]
}

/** Words of a command line, quotes read as a shell does. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ''))

/** Options of a plugin that take a value, short and long. */
const optionsOf = (words: readonly string[]) => {
  const found = new Map<string, string>()
  for (const [index, word] of words.entries()) {
    const long = /^--([a-z-]+)=(.*)$/.exec(word)
    if (long) found.set(long[1]!, long[2]!)
    else if (/^-[A-Za-z]$/.test(word)) found.set(word.slice(1), words[index + 1] ?? '')
    else if (/^-[A-Za-z].+$/.test(word) && !word.startsWith('--')) found.set(word[1]!, word.slice(2))
    else if (word.startsWith('--')) found.set(word.slice(2), words[index + 1] ?? '')
  }
  return (...names: string[]) =>
    names.map((name) => found.get(name)).find((value) => value !== undefined && value !== '')
}
type Options = ReturnType<typeof optionsOf>

const portOf = (options: Options, standard: number): number => {
  const port = Number(options('p', 'port') ?? standard)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : standard
}

type Make = (host: string, options: Options, words: readonly string[]) => NagiosLook | undefined

const ping: Make = (host, options) => {
  const packets = Number(options('p', 'packets', 'n') ?? 5)
  return {
    notes: [],
    look: { type: 'icmp', options: { host, packets: Math.max(1, Math.min(100, Math.round(packets) || 5)) } },
  }
}

const tcp =
  (standard: number | undefined, was?: string): Make =>
  (host, options) => {
    const port = portOf(options, standard ?? 0)
    if (port === 0) return undefined
    const notes = was === undefined ? [] : [because('import_setting_becomes', { setting: was, instead: 'tcp' })]
    return { notes, look: { type: 'tcp', options: { host, port } } }
  }

const statusOf = (expected: string | undefined) => {
  const codes = (expected ?? '').match(/\b[1-5]\d\d\b/g)?.map(Number)
  if (codes) return { status: codes.length === 1 ? codes[0] : codes }
  // Without one it takes whatever is no error, redirects included.
  return { status: ['2xx', '3xx'] }
}

const http: Make = (host, options, words) => {
  const secure = words.some((word) => /^(?:-S|--ssl|--tls)/.test(word)) || options('C', 'certificate') !== undefined
  const name = options('H', 'hostname', 'vhost') ?? host
  const port = portOf(options, secure ? 443 : 80)
  const path = options('u', 'uri', 'url') ?? '/'
  const at = /:/.test(name) && !name.startsWith('[') ? `[${name}]` : name
  const standard = port === (secure ? 443 : 80)
  const days = Number((options('C', 'certificate') ?? '').split(',')[0])
  const text = options('s', 'string')
  const follow = options('f', 'onredirect')
  const login = options('a', 'authorization')
  const address = options('I', 'IP-address')
  const notes =
    address !== undefined && address !== name ? [because('import_setting_left', { setting: `-I ${address}` })] : []
  const credentials = login === undefined ? '' : `${login.split(':').map(encodeURIComponent).join(':')}@`
  return {
    notes,
    look: {
      type: 'http',
      options: {
        url: `${secure ? 'https' : 'http'}://${credentials}${at}${standard ? '' : `:${port}`}${path.startsWith('/') ? '' : '/'}${path}`,
        ...statusOf(options('e', 'expect')),
        ...(text !== undefined && !/^\/.*\/[a-z]*$/.test(text) && { contains: text }),
        ...(days > 0 && { days: Math.min(3650, Math.round(days)) }),
        ...(follow !== 'follow' && follow !== 'sticky' && { redirects: 0 }),
      },
    },
  }
}

const dns: Make = (host, options) => {
  const name = options('H', 'hostname', 'l', 'query_address') ?? host
  const server = options('s', 'server')
  const expected = options('a', 'expected-address')
  const resolver = server ?? (name === host ? undefined : host)
  return {
    notes: [],
    look: {
      type: 'dns',
      options: { name, ...(resolver && { resolver }), ...(expected && { expect: expected.split(',') }) },
    },
  }
}

/** What the stock plugins look at, by their names. */
const PLUGINS: Readonly<Record<string, Make>> = {
  check_ping: ping,
  check_icmp: ping,
  check_fping: ping,
  check_host: ping,
  'check-host-alive': ping,
  check_tcp: tcp(undefined),
  check_http: http,
  check_curl: http,
  check_https: http,
  check_dns: dns,
  check_dig: dns,
  check_ssh: tcp(22, 'check_ssh'),
  check_smtp: tcp(25, 'check_smtp'),
  check_imap: tcp(143, 'check_imap'),
  check_simap: tcp(993, 'check_simap'),
  check_pop: tcp(110, 'check_pop'),
  check_spop: tcp(995, 'check_spop'),
  check_ftp: tcp(21, 'check_ftp'),
  check_ldap: tcp(389, 'check_ldap'),
  check_mysql: tcp(3306, 'check_mysql'),
  check_pgsql: tcp(5432, 'check_pgsql'),
}

/** Macros of a command that are known here; `undefined` of one that is not. */
const filled = (line: string, macros: Readonly<Record<string, string>>): string =>
  line.replaceAll(/\$([A-Z_0-9]+)\$/g, (whole, name: string) => (Object.hasOwn(macros, name) ? macros[name]! : whole))

/**
 * What a check command comes to: its plugin with its arguments, as the definition of the command puts them together; the name of
 * the plugin where nothing here looks as it does.
 */
export const nagiosLook = (
  written: string,
  address: string,
  hostName: string,
  commands: ReadonlyMap<string, string>,
): NagiosLook | { readonly unknown: string } => {
  const [name = '', ...args] = written.split(/(?<!\\)!/).map((part) => part.replaceAll('\\!', '!').trim())
  const macros: Record<string, string> = { HOSTADDRESS: address, HOSTNAME: hostName, HOSTALIAS: hostName, USER1: '' }
  for (let index = 1; index <= 32; index++) macros[`ARG${index}`] = args[index - 1] ?? ''
  const words = wordsOf(filled(commands.get(name) ?? '', macros))
  const program = (words[0] ?? name).split('/').at(-1)!
  const plugin = Object.hasOwn(PLUGINS, program) ? program : Object.hasOwn(PLUGINS, name) ? name : undefined
  if (plugin === undefined) return { unknown: program || name }
  const rest = words.length > 0 ? words.slice(1) : args.flatMap(wordsOf)
  const options = optionsOf(rest)
  // Without its definition the first argument is nearly always the port.
  const port = words.length === 0 && plugin === 'check_tcp' && /^\d+$/.test(args[0] ?? '') ? args[0] : undefined
  const asked: Options = port === undefined ? options : (...names) => (names.includes('p') ? port : options(...names))
  const target = options('H', 'hostname')
  const host = target !== undefined && !/^check_(?:http|curl|https|dns|dig)$/.test(plugin) ? target : address
  const made = PLUGINS[plugin]!(host, asked, rest)
  return made && !JSON.stringify(made.look).match(/\$[A-Z_0-9]+\$/)
    ? made
    : { unknown: `${plugin} ${args.join(' ')}`.trim() }
}
