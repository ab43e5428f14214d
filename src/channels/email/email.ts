import { because, type Cause } from '#core/cause/cause.ts'
import { helps } from '#core/cause/delivery-cures.ts'
import { type DeliveryOutcome, defineChannel, type SendContext } from '#core/channel.ts'
import type { Rendered } from '#core/message/message.ts'
import { ForbiddenTarget } from '../http/guarded-lookup.ts'
import { withoutSecrets } from '../http/secrets.ts'
import { createSteps, type Explanation, permanent, stopped } from '../text/outcome.ts'
import { needsUtf8 } from './mail-address.ts'
import { delivered, failed, nothingToSend } from './mail-outcome.ts'
import {
  type EmailOptions,
  emailOptions,
  isEnvironments,
  isFault,
  type MailSettings,
  mailSettings,
  namedRecipients,
  placeOf,
} from './mail-settings.ts'
import { named, recipientsNow } from './recipients.ts'
import { explainSmtp, PlainPassword, SenderBeyondAscii, type SmtpError } from './smtp-errors.ts'
import { NobodyTaken } from './smtp-refusals.ts'
import type { OutgoingMail } from './smtp-session.ts'

const explain = (error: unknown, settings: MailSettings, context: SendContext, timeout: AbortSignal): Explanation => {
  const { host, port } = settings
  const place = placeOf(settings)
  if (context.signal.aborted) return stopped()
  if (timeout.aborted) return explainSmtp({ code: 'ETIMEDOUT', message: '' }, place)
  if (error instanceof ForbiddenTarget) return permanent('forbidden_target', error.why)
  if (error instanceof PlainPassword)
    return permanent(
      'tls_failed',
      because('mail_no_encryption', { where: `${host}:${port}` }),
      helps('encrypt_or_no_login'),
    )
  if (error instanceof SenderBeyondAscii) {
    const cause = because('mail_sender_beyond_ascii', { sender: place.from, where: `${host}:${port}` })
    return permanent('sender_refused', cause, helps('set_plain_sender'))
  }
  if (error instanceof NobodyTaken) {
    const address = named(error.refusals.map(({ recipient }) => recipient))
    return permanent(
      'recipient_refused',
      because('mail_address_beyond_ascii', { address, where: `${host}:${port}` }),
      helps('check_recipients'),
    )
  }
  return explainSmtp(error as SmtpError, place)
}

/** Loaded with the first mail: a server that sends none does not carry the mail library in memory. */
const loadMailer = async () => {
  const [{ buildMail }, { sendOverSmtp }] = await Promise.all([
    import('./mail-message.ts'),
    import('./smtp-session.ts'),
  ])
  return { buildMail, sendOverSmtp }
}

/** Bounds of one session with the server of these settings. */
const limitsOf = (options: EmailOptions, context: SendContext) => {
  const timeout = AbortSignal.timeout(context.timeoutMs)
  const signal = AbortSignal.any([context.signal, timeout])
  // The environment is the administrator's: a server that it names is trusted as a file's is.
  const guard = isEnvironments(options, context.environment) ? undefined : context.guard
  const { timeoutMs, resolve, timers } = context
  return { timeout, limits: { signal, timeoutMs, guard, resolve, timers } }
}

/** Without what AUTH PLAIN sends: both together, so a server that repeats it gives them away together. */
const withoutLogin = (outcome: DeliveryOutcome, { user, password }: MailSettings): DeliveryOutcome =>
  withoutSecrets(outcome, [password, ...(password === '' ? [] : [`\0${user}\0${password}`])])

const faulty = (fault: Cause): DeliveryOutcome => ({
  ok: false,
  ...permanent('bad_configuration', because('mail_settings_faulty', { fault })),
})

const reach = async (options: EmailOptions, context: SendContext): Promise<DeliveryOutcome> => {
  const settings = mailSettings(options, context.environment, context.guard === undefined)
  if (isFault(settings)) return faulty(settings)
  const { timeout, limits } = limitsOf(options, context)
  const steps = createSteps()
  const { reachOverSmtp } = await import('./smtp-session.ts')
  const outcome = await reachOverSmtp(settings, limits, steps).then(
    (): DeliveryOutcome => ({ ok: true }),
    (error: unknown): DeliveryOutcome => ({ ok: false, ...explain(error, settings, context, timeout) }),
  )
  return withoutLogin({ ...outcome, steps: [...steps.steps] }, settings)
}

/**
 * A mail for those whose addresses every server takes, and one for those whose do not: what names an address beyond ASCII, be
 * it in a header alone, is passed on by no server that does not take it.
 */
const mailsFor = async (
  recipients: readonly string[],
  buildMail: Awaited<ReturnType<typeof loadMailer>>['buildMail'],
  rendered: Rendered,
  settings: MailSettings,
  { references, now }: SendContext,
) => {
  const mails: OutgoingMail[] = []
  let messageId = ''
  for (const utf8 of [false, true]) {
    const to = recipients.filter((address) => needsUtf8(address) === utf8)
    if (to.length === 0) continue
    const shown = utf8 ? settings.to : settings.to.filter((address) => !needsUtf8(address))
    const built = await buildMail(rendered, { ...settings, to: shown }, references, now())
    messageId = built.messageId
    mails.push({ raw: built.raw, from: settings.from.address, to, utf8 })
  }
  return { messageId, mails }
}

const send = async (rendered: Rendered, options: EmailOptions, context: SendContext): Promise<DeliveryOutcome> => {
  const settings = mailSettings(options, context.environment, context.guard === undefined)
  if (isFault(settings)) return faulty(settings)
  const recipients = recipientsNow(settings.to, context)
  const nothing = nothingToSend(recipients, placeOf(settings))
  if (nothing) return nothing
  const { timeout, limits } = limitsOf(options, context)
  const steps = createSteps()
  const { buildMail, sendOverSmtp } = await loadMailer()
  const { messageId, mails } = await mailsFor(recipients.now, buildMail, rendered, settings, context)
  const outcome = await sendOverSmtp(settings, mails, limits, steps).then(
    (result) => delivered(result, messageId, steps, recipients, placeOf(settings)),
    (error: unknown) => failed(error, explain(error, settings, context, timeout), recipients, placeOf(settings)),
  )
  return withoutLogin({ ...outcome, steps: [...steps.steps] }, settings)
}

/** E-mail over SMTP (RFC 5321), submission with STARTTLS (RFC 3207) or TLS from the start (RFC 8314). */
export const email = defineChannel({
  name: 'email',
  title: 'E-mail',
  'x-es': { title: 'Correo electrónico' },
  options: emailOptions,
  audience: 'people',
  // Providers count connections of one account.
  concurrency: 2,
  hosts: (options, environment) => (isEnvironments(options, environment) ? [] : [options.smtp?.host ?? '']),
  describe: (options) => namedRecipients(options).join(', ') || 'ALERT_EMAIL_TO',
  check: (options, environment) => {
    const settings = mailSettings(options, environment)
    return isFault(settings) ? settings : undefined
  },
  send,
  reach,
})
