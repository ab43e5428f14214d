import { defineChannel } from '#core/channel.ts'
import type { Severity } from '#core/event/severity.ts'
import { endedAt } from '#core/message/ended-at.ts'
import type { DigestItem, Message } from '#core/message/message.ts'
import { says } from '#core/said.ts'
import { isObject } from '#lib/json.ts'
import { type Static, Type } from '#lib/schema.ts'
import { labelFingerprint } from '#lib/text/label-fingerprint.ts'
import { deliver } from './http/http.ts'
import { checkHeaders, headerSecrets, headersOption, lowerCase, NO_URL } from './http/http-headers.ts'
import { isTemplate } from './text/body-template.ts'

const options = Type.Object(
  {
    url: Type.String({
      title: 'URL',
      description: "What listens to Alertmanager's webhooks.",
      'x-es': { title: 'URL', description: 'Lo que escucha los webhooks de Alertmanager.' },
      pattern: '^https?://',
      'x-login': true,
      maxLength: 2000,
    }),
    receiver: Type.Optional(
      Type.String({
        title: 'Receiver',
        description: 'Name of the receiver in the message; vigia by default.',
        'x-es': { title: 'Receptor', description: 'Nombre del receptor en el mensaje; por defecto vigia.' },
        minLength: 1,
        maxLength: 200,
        default: 'vigia',
      }),
    ),
    headers: headersOption,
  },
  { additionalProperties: false },
)
type Options = Static<typeof options>
type Labels = Readonly<Record<string, string>>

/** Alertmanager's own word for "not yet". */
const NO_TIME = '0001-01-01T00:00:00Z'
const SEVERITY: Readonly<Record<Severity, string>> = {
  CRITICAL: 'critical',
  HIGH: 'error',
  MEDIUM: 'warning',
  LOW: 'info',
}

interface WebhookAlert {
  readonly status: 'firing' | 'resolved'
  readonly labels: Labels
  readonly annotations: Labels
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
  readonly fingerprint: string
}

const texts = (value: unknown): Labels =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)])) : {}

const present = (values: Readonly<Record<string, string | null | undefined>>): Labels =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])))

/** A severity may change while it lasts; who it is may not, or its end would be another alert's. */
const identityOf = ({ severity: _, ...labels }: Labels): string => labelFingerprint(labels)

/** What a rule's own template wrote beyond the one line. */
const ownWords = ({ title, message }: Message): string | undefined => (message === title ? undefined : message)

/** What Prometheus sent goes on as it came; a rule that has words of its own says it in those. */
const passedOn = (message: Message): { labels: Labels; annotations: Labels; fingerprint?: string } | undefined => {
  const { event, severity, title } = message
  if (event?.type !== 'prometheus_alert' || !isObject(event.labels)) return undefined
  const { fingerprint } = event
  return {
    labels: { severity: SEVERITY[severity], ...texts(event.labels) },
    annotations: {
      ...texts(event.annotations),
      ...(ownWords(message) !== undefined && present({ summary: title, description: ownWords(message) })),
    },
    ...(typeof fingerprint === 'string' && { fingerprint }),
  }
}

const ownAlert = (message: Message) => {
  const { monitor, rule, severity, subject, target, event, labels } = message
  const problem = typeof event?.problem === 'string' ? event.problem : undefined
  const name = monitor === null ? (rule ?? String(event?.type ?? 'Vigia')) : (rule ?? 'MonitorState')
  return {
    labels: {
      ...labels,
      ...present({ alertname: name, instance: monitor ?? subject, monitor, problem }),
      severity: SEVERITY[severity],
    },
    annotations: present({
      summary: message.title,
      description: ownWords(message) ?? message.cause,
      target,
      runbook_url: message.runbook,
      location: message.location,
    }),
  }
}

const alertOf = (message: Message): WebhookAlert => {
  // A notice is over as it is said: nothing would ever end it there.
  const resolved = message.reason === 'resolved' || message.reason === 'notice'
  const { labels, annotations, fingerprint }: NonNullable<ReturnType<typeof passedOn>> =
    passedOn(message) ?? ownAlert(message)
  const generator = message.event?.generator_url
  return {
    status: resolved ? 'resolved' : 'firing',
    labels,
    annotations,
    startsAt: message.since,
    endsAt: resolved ? new Date(message.notice ? Date.parse(message.since) : endedAt(message)).toISOString() : NO_TIME,
    generatorURL: typeof generator === 'string' ? generator : (message.url ?? ''),
    fingerprint: fingerprint ?? identityOf(labels),
  }
}

/** A line of a digest, which tells how its subject is now, and since when. */
const itemAlert = ({ subject, state, severity, since, cause, paused }: DigestItem, message: Message): WebhookAlert => {
  const labels = { alertname: 'MonitorState', instance: subject, severity: SEVERITY[severity] }
  // What nobody looks at, or ended unseen, fires no more, as its own message says by itself.
  const resolved = paused === true || state === 'up' || state === 'ended' || state === 'resolved' || state === 'notice'
  return {
    status: resolved ? 'resolved' : 'firing',
    labels,
    annotations: present({ description: cause }),
    startsAt: since,
    endsAt: resolved ? since : NO_TIME,
    generatorURL: message.url ?? '',
    fingerprint: identityOf(labels),
  }
}

/** What all of them say alike. */
const common = (all: readonly Labels[]): Labels =>
  Object.fromEntries(Object.entries(all[0] ?? {}).filter(([name, value]) => all.every((one) => one[name] === value)))

/** The body of a webhook of Alertmanager, version 4 of its data. */
export const webhookBody = (message: Message, receiver: string) => {
  const alerts = message.items ? message.items.map((item) => itemAlert(item, message)) : [alertOf(message)]
  const alertname = alerts[0]?.labels.alertname
  const groupLabels = alertname === undefined || message.items ? {} : { alertname }
  const group = Object.entries(groupLabels).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return {
    version: '4',
    groupKey: `{}:{${group.join(', ')}}`,
    truncatedAlerts: 0,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver,
    groupLabels,
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: URL.parse(message.url ?? '')?.origin ?? '',
    alerts,
  }
}

const requestOf = (message: Message, { url, receiver = 'vigia', headers }: Options) => ({
  url,
  method: 'POST',
  headers: { 'content-type': 'application/json', ...lowerCase(headers), 'idempotency-key': message.id },
  body: JSON.stringify(webhookBody(message, receiver)),
  secrets: headerSecrets(headers),
  followRedirects: true,
})

/** For what listens to Alertmanager today: the same message, from here. */
export const alertmanager = defineChannel({
  name: 'alertmanager',
  title: 'Alertmanager webhook',
  'x-es': { title: 'Webhook de Alertmanager' },
  options,
  audience: 'machines',
  concurrency: 4,
  // The path often holds a token, so only the place is shown.
  describe: ({ url }) => {
    const parsed = URL.parse(url)
    return parsed === null ? 'alertmanager' : `${parsed.origin}/…`
  },
  check: ({ url, headers = {} }) => {
    if (URL.parse(url) === null) return NO_URL
    if ([url, ...Object.values(headers)].some(isTemplate))
      return says(
        'url and headers are sent as they are written: {{ … }} is filled by the type webhook',
        'url y headers se envían tal como están escritos: {{ … }} lo rellena el tipo webhook',
      )
    return checkHeaders(headers)
  },
  send: ({ message }, options, context) => deliver(requestOf(message, options), context),
})
