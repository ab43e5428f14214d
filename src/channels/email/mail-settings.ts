import { X509Certificate } from 'node:crypto'
import { hostname } from 'node:os'
import { because, type Cause } from '#core/cause/cause.ts'
import { type Static, Type } from '#lib/schema.ts'
import { heloName } from './helo-name.ts'
import type { SmtpPlace } from './smtp-errors.ts'

/** An address alone: no name, list, quote or control character, so it can stand in a header and in an SMTP command. */
const ADDRESS = '[^\\s@<>,;:"\'()\\[\\]\\\\]+@[^\\s@<>,;:"\'()\\\\]+'
const ONE_ADDRESS = new RegExp(`^${ADDRESS}$`)

const smtpOptions = Type.Object(
  {
    host: Type.Optional(
      Type.String({
        title: 'Host',
        description: 'Mail server. Default: SMTP_SERVER.',
        'x-es': { title: 'Equipo', description: 'Servidor de correo. Si falta: SMTP_SERVER.' },
        minLength: 1,
        maxLength: 253,
      }),
    ),
    port: Type.Optional(
      Type.Integer({
        title: 'Port',
        description: 'Default: SMTP_PORT, else 587; 465 where security is tls.',
        'x-es': { title: 'Puerto', description: 'Si falta: SMTP_PORT, o 587; 465 cuando la seguridad es tls.' },
        minimum: 1,
        maximum: 65_535,
        'x-rare': true,
      }),
    ),
    user: Type.Optional(
      Type.String({
        title: 'User',
        description: 'Login name. Default: SMTP_USER.',
        'x-es': { title: 'Usuario', description: 'Nombre de usuario. Si falta: SMTP_USER.' },
        maxLength: 320,
      }),
    ),
    password: Type.Optional(
      Type.String({
        title: 'Password',
        description: 'Default: SMTP_PASSWORD. Gmail asks for an application password.',
        'x-es': {
          title: 'Contraseña',
          description: 'Si falta: SMTP_PASSWORD. Gmail pide una contraseña de aplicación.',
        },
        maxLength: 1000,
        'x-secret': true,
      }),
    ),
    security: Type.Optional(
      Type.Enum(['auto', 'starttls', 'tls', 'none'], {
        title: 'Security',
        description:
          'auto: encrypted where the server offers it, a password is never sent in clear. starttls, tls: always encrypted. none: never, a login is sent in clear.',
        'x-es': {
          title: 'Seguridad',
          description:
            'auto: cifrado si el servidor lo ofrece, una contraseña nunca va en claro. starttls, tls: siempre cifrado. "none": nunca, el inicio de sesión va en claro.',
        },
        default: 'auto',
        'x-rare': true,
      }),
    ),
    name: Type.Optional(
      Type.String({
        title: 'Own name',
        description:
          "How this server introduces itself to the mail server (EHLO). Default: the machine's full name, else the sender's domain.",
        'x-es': {
          title: 'Nombre propio',
          description:
            'Cómo se presenta este servidor ante el servidor de correo (EHLO). Si no se indica: el nombre completo del equipo o, si no, el dominio del remitente.',
        },
        pattern: '^(\\[[0-9A-Fa-f.:IPv]+\\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)$',
        maxLength: 253,
        'x-rare': true,
      }),
    ),
    ca: Type.Optional(
      Type.String({
        title: 'Certificate authority',
        description: "Certificate in PEM that signed the mail server's, where it is not a public one.",
        'x-es': {
          title: 'Autoridad de certificación',
          description: 'Certificado en PEM que firmó el del servidor de correo, si no es público.',
        },
        maxLength: 100_000,
        'x-widget': 'textarea',
        'x-rare': true,
      }),
    ),
  },
  {
    title: 'Mail server',
    description: 'Without it, the SMTP_ variables of the environment.',
    'x-es': { title: 'Servidor de correo', description: 'Sin él, las variables SMTP_ del entorno.' },
    additionalProperties: false,
  },
)

export const emailOptions = Type.Object(
  {
    to: Type.Optional(
      Type.Union(
        [
          Type.Array(
            Type.String({
              pattern: `^\\s*${ADDRESS}\\s*$`,
              maxLength: 320,
              examples: ['noc@isp.example'],
            }),
            { minItems: 1, maxItems: 100 },
          ),
          Type.String({ maxLength: 10_000 }),
        ],
        {
          title: 'To',
          description: 'Recipients, as a list or separated by commas. Default: ALERT_EMAIL_TO.',
          'x-es': {
            title: 'Para',
            description: 'Destinatarios, como lista o separados por comas. Si falta: ALERT_EMAIL_TO.',
          },
        },
      ),
    ),
    from: Type.Optional(
      Type.String({
        title: 'From',
        description: 'Sender, as address or Name <address>. Default: SMTP_FROM, else the user.',
        'x-es': {
          title: 'De',
          description: 'Remitente, como dirección o Nombre <dirección>. Si falta: SMTP_FROM, o el usuario.',
        },
        maxLength: 500,
        'x-rare': true,
      }),
    ),
    smtp: Type.Optional(smtpOptions),
  },
  { additionalProperties: false },
)
export type EmailOptions = Static<typeof emailOptions>
type SmtpOptions = NonNullable<EmailOptions['smtp']>
type Environment = Readonly<Record<string, string | undefined>>

export interface MailSettings {
  readonly to: readonly string[]
  readonly from: { readonly name: string; readonly address: string }
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** For EHLO; absent: the address. */
  readonly name?: string
  readonly security: 'auto' | 'starttls' | 'tls' | 'none'
  readonly ca?: string
}

/** The older tools' mail server where only a login was set. */
const OLDER_DEFAULT_HOST = 'smtp.gmail.com'

const recipients = (to: EmailOptions['to']): string[] => {
  const list = (typeof to === 'string' ? to.split(/[,;]/) : (to ?? [])).map((address) => address.trim())
  return [...new Set(list.filter((address) => address !== ''))]
}

/** The addresses that the options name, for people. */
export const namedRecipients = ({ to }: EmailOptions): readonly string[] => recipients(to)

const senderOf = (text: string): MailSettings['from'] | undefined => {
  const [, name = '', address] = /^\s*(?:"?([^"<>\r\n]*?)"?\s*<([^<>]+)>)\s*$/.exec(text) ?? [text, '', text.trim()]
  return address !== undefined && ONE_ADDRESS.test(address) ? { name: name.trim(), address } : undefined
}

const ownAddress = (): string => `vigia@${hostname() || 'localhost'}`

/** The server and port that the environment names, and no other. */
const isEnvironmentsServer = ({ host, port, security }: SmtpOptions, environment: Environment): boolean => {
  const knownPort = Number(environment.SMTP_PORT || (security === 'tls' ? 465 : 587))
  const sameHost = host === undefined || host.toLowerCase() === environment.SMTP_SERVER?.toLowerCase()
  return sameHost && (port === undefined || port === knownPort)
}

/** True for a channel that sends by the environment's server. */
export const isEnvironments = ({ smtp = {} }: EmailOptions, environment: Environment): boolean =>
  isEnvironmentsServer(smtp, environment)

/**
 * The login of the environment belongs to the environment's server: it is not sent to another one that a channel
 * names. Where the environment names no server, it completes a trusted channel's; nobody else may collect it, nor have
 * it sent by another port or in clear, where others would hear it.
 */
const loginOf = (smtp: SmtpOptions, environment: Environment, trusted: boolean) => {
  const { SMTP_USER: knownUser, SMTP_PASSWORD: knownPassword = '' } = environment
  const server = environment.SMTP_SERVER || (trusted ? undefined : OLDER_DEFAULT_HOST)
  const { host = server } = smtp
  const sameServer = server === undefined || host?.toLowerCase() === server.toLowerCase()
  const { host: _, ...way } = smtp
  const sameWay = trusted || (smtp.security !== 'none' && isEnvironmentsServer(way, environment))
  const user = smtp.user ?? (sameServer ? knownUser : undefined) ?? ''
  const samePerson = sameServer && sameWay && user !== '' && (!knownUser || knownUser === user)
  return { user, password: smtp.password ?? (samePerson ? knownPassword : '') }
}

const portOf = (smtp: SmtpOptions, environment: Environment): number => {
  if (smtp.port !== undefined) return smtp.port
  if (smtp.host === undefined && environment.SMTP_PORT) return Number(environment.SMTP_PORT)
  return smtp.security === 'tls' ? 465 : 587
}

const isCertificate = (pem: string): boolean => {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    return false
  }
}

/** True for what keeps a mail from being sent. */
export const isFault = (settings: MailSettings | Cause): settings is Cause => 'facts' in settings

/**
 * What the options and the environment say together, or what is missing and how to give it. `trusted` for a channel
 * that the configuration file names.
 */
export const mailSettings = (options: EmailOptions, environment: Environment, trusted = true): MailSettings | Cause => {
  const smtp = options.smtp ?? {}
  const to = recipients(options.to)
  if (to.length === 0) to.push(...recipients(environment.ALERT_EMAIL_TO))
  if (to.length === 0) return because('mail_without_recipient')
  const wrong = to.find((address) => !ONE_ADDRESS.test(address))
  if (wrong !== undefined) return because('mail_recipient_malformed', { address: JSON.stringify(wrong) })
  const { user, password } = loginOf(smtp, environment, trusted)
  const host = smtp.host ?? (environment.SMTP_SERVER || (environment.SMTP_USER ? OLDER_DEFAULT_HOST : ''))
  if (host === '') return because('mail_without_server', { example: 'smtp: { host: mail.example.com }' })
  const port = portOf(smtp, environment)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return because('mail_port_malformed', { port })
  const fromText = options.from || environment.SMTP_FROM || (ONE_ADDRESS.test(user) ? user : ownAddress())
  const from = senderOf(fromText)
  if (from === undefined) return because('mail_sender_malformed', { sender: JSON.stringify(fromText) })
  if (user !== '' && password === '') return because('mail_without_password')
  if (smtp.ca !== undefined && !isCertificate(smtp.ca)) return because('mail_ca_malformed')
  const security = smtp.security ?? 'auto'
  if (smtp.ca !== undefined && security === 'none') return because('mail_ca_without_encryption')
  const name = heloName(smtp.name, hostname(), from.address)
  return {
    ...{ to, from, host, port, user, password, security },
    ...(name !== undefined && { name }),
    ...(smtp.ca !== undefined && { ca: smtp.ca }),
  }
}

/** Where a mail goes, for sentences about it. */
export const placeOf = ({ host, port, user, from }: MailSettings): SmtpPlace => ({
  host,
  port,
  user,
  from: from.address,
})
