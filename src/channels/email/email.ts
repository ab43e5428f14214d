import { because } from '#core/cause/cause.ts'
import { helps } from '#core/cause/delivery-cures.ts'
import { type DeliveryOutcome, defineChannel, type SendContext } from '#core/channel.ts'
import type { Rendered } from '#core/message/message.ts'
import { ForbiddenTarget } from '../http/guarded-lookup.ts'
import { withoutSecrets } from '../http/secrets.ts'
import { createSteps, type Explanation, permanent, stopped } from '../text/outcome.ts'
import { delivered, failed, nothingToSend } from './mail-outcome.ts'
import {
  type EmailOptions,
  emailOptions,
  isEnvironments,
  isFault,
  type MailSettings,
  mailSettings,
  namedRecipients,
} from './mail-settings.ts'
import { recipientsNow } from './recipients.ts'
import { explainSmtp, PlainPassword, type SmtpError, type SmtpPlace } from './smtp-errors.ts'

const placeOf = ({ host, port, user, from }: MailSettings): SmtpPlace => ({ host, port, user, from: from.address })

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

const send = async (rendered: Rendered, options: EmailOptions, context: SendContext): Promise<DeliveryOutcome> => {
  const settings = mailSettings(options, context.environment, context.guard === undefined)
  if (isFault(settings))
    return { ok: false, ...permanent('bad_configuration', because('mail_settings_faulty', { fault: settings })) }
  const recipients = recipientsNow(settings.to, context)
  const nothing = nothingToSend(recipients, placeOf(settings))
  if (nothing) return nothing
  const timeout = AbortSignal.timeout(context.timeoutMs)
  const signal = AbortSignal.any([context.signal, timeout])
  // The environment is the administrator's: a server that it names is trusted as a file's is.
  const guard = isEnvironments(options, context.environment) ? undefined : context.guard
  const limits = { signal, timeoutMs: context.timeoutMs, guard, resolve: context.resolve, timers: context.timers }
  const steps = createSteps()
  const { buildMail, sendOverSmtp } = await loadMailer()
  const { messageId, ...mail } = await buildMail(rendered, settings, context.references, context.now())
  // As the envelope writes them: the domain in lower case, the order kept.
  const written = (address: string) => mail.to[settings.to.indexOf(address)] ?? address
  const outcome = await sendOverSmtp(settings, { ...mail, to: recipients.now.map(written) }, limits, steps).then(
    (result) => delivered(result, messageId, steps, recipients, placeOf(settings)),
    (error: unknown) => failed(error, explain(error, settings, context, timeout), recipients, placeOf(settings)),
  )
  // AUTH PLAIN sends both together, so a server that repeats it gives them away together.
  const plain = settings.password === '' ? [] : [`\0${settings.user}\0${settings.password}`]
  return withoutSecrets({ ...outcome, steps: [...steps.steps] }, [settings.password, ...plain])
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
})
