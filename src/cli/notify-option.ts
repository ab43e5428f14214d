import { own } from '#lib/own.ts'
import { decodePercent } from '#lib/text/percent.ts'
import { CommandError } from './command.ts'

/** A channel in the form of the configuration file. */
interface ChannelEntry {
  readonly name: string
  readonly type: string
  readonly options: Readonly<Record<string, unknown>>
}

const FORMS = 'mailto:ADDRESS, slack:URL, discord:URL, telegram:TOKEN@CHAT or webhook:URL'

/** The options of a mail server from `smtp://user:password@host:port`; user and password may be percent-encoded. */
const smtpOptions = (text: string): Readonly<Record<string, unknown>> => {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new CommandError(
      '--smtp: not a URL; write smtp://user:password@mail.example:587 (a @ or : in the password as %40, %3A)',
    )
  }
  if (!['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '')
    throw new CommandError('--smtp: write smtp://user:password@mail.example:587, or smtps:// for implicit TLS')
  const implicit = url.protocol === 'smtps:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (implicit ? 465 : 587) : Number(url.port),
    ...(implicit && { security: 'tls' }),
    ...(url.username && { user: decodePercent(url.username) }),
    ...(url.password && { password: decodePercent(url.password) }),
  }
}

/** How each `--notify` scheme becomes a channel. */
const SCHEMES: Readonly<Record<string, (rest: string, smtp: string | undefined) => Omit<ChannelEntry, 'name'>>> = {
  mailto: (to, smtp) => ({
    type: 'email',
    options: { to: to.split(',').map(decodePercent), ...(smtp !== undefined && { smtp: smtpOptions(smtp) }) },
  }),
  slack: (url) => ({ type: 'slack', options: { webhook_url: url } }),
  discord: (url) => ({ type: 'discord', options: { webhook_url: url } }),
  webhook: (url) => ({ type: 'webhook', options: { url } }),
  telegram: (rest) => {
    const at = rest.lastIndexOf('@', rest.length - 2)
    if (at < 0) throw new CommandError('--notify telegram: write telegram:BOT_TOKEN@CHAT_ID')
    return { type: 'telegram', options: { bot_token: rest.slice(0, at), chat_id: rest.slice(at + 1) } }
  },
}

/** The channels that `--notify` names. Messages never repeat the text, which may hold a secret. */
export const channelsOf = (notify: readonly string[], smtp: string | undefined): ChannelEntry[] =>
  notify.map((text, index) => {
    const scheme = text.slice(0, Math.max(0, text.indexOf(':')))
    const make = own(SCHEMES, scheme)
    if (!make) throw new CommandError(`--notify number ${index + 1}: not known; write ${FORMS}`)
    return {
      name: notify.length === 1 ? scheme : `${scheme}-${index + 1}`,
      ...make(text.slice(scheme.length + 1), smtp),
    }
  })
