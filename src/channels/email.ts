import { type DeliveryOutcome, defineChannel, type SendContext } from '#core/channel.ts'
import type { Rendered } from '#core/message.ts'
import { type EmailOptions, emailOptions, type MailSettings, mailSettings, namedRecipients } from './mail-settings.ts'
import { createSteps, type Explanation, permanent, type Steps, stopped } from './outcome.ts'
import { withoutSecrets } from './secrets.ts'
import { explainSmtp, namedWaitMs, PlainPassword, type SmtpError } from './smtp-errors.ts'
import type { SmtpResult } from './smtp-session.ts'
import { excerpt } from './text.ts'

const delivered = (
  { response, refused, withoutLogin }: SmtpResult,
  reference: string,
  steps: Steps,
): DeliveryOutcome => {
  if (withoutLogin) steps.mark('auth', 'not offered by the server; sent without login')
  const code = Number(response.slice(0, 3))
  return {
    ok: true,
    response: excerpt(response),
    reference,
    ...(code > 0 && { code }),
    ...(refused.length > 0 && { refused: refused.map((one) => ({ ...one, answer: excerpt(one.answer) })) }),
  }
}

const explain = (error: unknown, settings: MailSettings, context: SendContext, timeout: AbortSignal): Explanation => {
  const { host, port, user } = settings
  const place = { host, port, user, from: settings.from.address }
  if (context.signal.aborted) return stopped()
  if (timeout.aborted) return explainSmtp({ code: 'ETIMEDOUT', message: '' }, place)
  if (error instanceof PlainPassword)
    return permanent(
      'tls_failed',
      `${host}:${port} offers no encryption, and a password is never sent in clear.`,
      'Use a port with encryption (587 or 465), or take user and password out. security: none sends the login in clear.',
    )
  return explainSmtp(error as SmtpError, place)
}

const failed = (error: unknown, explanation: Explanation): DeliveryOutcome => {
  const { response, responseCode } = error as SmtpError
  const wait = explanation.kind === 'transient' ? namedWaitMs(response ?? '') : undefined
  return {
    ok: false,
    ...explanation,
    ...(responseCode && { code: responseCode }),
    ...(response && { response: excerpt(response) }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  }
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
  if (typeof settings === 'string') return { ok: false, ...permanent('bad_configuration', `${settings}.`) }
  const timeout = AbortSignal.timeout(context.timeoutMs)
  const limits = { signal: AbortSignal.any([context.signal, timeout]), timeoutMs: context.timeoutMs }
  const steps = createSteps()
  const { buildMail, sendOverSmtp } = await loadMailer()
  const { messageId, ...mail } = await buildMail(rendered, settings, context.references)
  const outcome = await sendOverSmtp(settings, mail, limits, steps).then(
    (result) => delivered(result, messageId, steps),
    (error: unknown) => failed(error, explain(error, settings, context, timeout)),
  )
  // AUTH PLAIN sends both together, so a server that repeats it gives them away together.
  const plain = settings.password === '' ? [] : [`\0${settings.user}\0${settings.password}`]
  return withoutSecrets({ ...outcome, steps: [...steps.steps] }, [settings.password, ...plain])
}

/** E-mail over SMTP (RFC 5321), submission with STARTTLS (RFC 3207) or TLS from the start (RFC 8314). */
export const email = defineChannel({
  name: 'email',
  title: 'E-mail',
  options: emailOptions,
  audience: 'people',
  // Providers count connections of one account.
  concurrency: 2,
  describe: (options) => namedRecipients(options).join(', ') || 'ALERT_EMAIL_TO',
  check: (options, environment) => {
    const settings = mailSettings(options, environment)
    return typeof settings === 'string' ? settings : undefined
  },
  send,
})
