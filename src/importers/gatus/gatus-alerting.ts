import type { ChannelEntry } from '#config/channel-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import { addressesIn } from '../mail-variables.ts'

type Provider = Readonly<Record<string, unknown>>

const likeSlack = ({ 'webhook-url': url }: Provider) => ({ type: 'slack', options: { webhook_url: url } })

const headersOf = (headers: unknown) =>
  isObject(headers)
    ? { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])) }
    : {}

const PROVIDERS: Readonly<
  Record<string, (provider: Provider) => { readonly type: string; readonly options: Provider }>
> = {
  slack: likeSlack,
  mattermost: likeSlack,
  discord: ({ 'webhook-url': url }) => ({ type: 'discord', options: { webhook_url: url } }),
  telegram: ({ token, id }) => ({ type: 'telegram', options: { bot_token: token, chat_id: String(id ?? '') } }),
  email: ({ from, username, password, host, port, to }) => ({
    type: 'email',
    options: {
      to: addressesIn(String(to ?? '')),
      ...(from !== undefined && { from }),
      smtp: {
        ...(host !== undefined && { host }),
        ...(Number(port) > 0 && { port: Number(port) }),
        ...(username !== undefined && { user: String(username) }),
        ...(password !== undefined && { password: String(password) }),
      },
    },
  }),
  ntfy: ({ url = 'https://ntfy.sh', topic, token }) => ({
    type: 'webhook',
    options: {
      url: `${String(url).replace(/\/+$/, '')}/${String(topic)}`,
      body: '{{ message }}',
      headers: { Title: '{{ title }}', ...(token !== undefined && { Authorization: `Bearer ${String(token)}` }) },
    },
  }),
  custom: ({ url, method, headers }) => ({
    type: 'webhook',
    options: { url, ...(typeof method === 'string' && { method: method.toUpperCase() }), ...headersOf(headers) },
  }),
}

/** A text that its environment would fill. */
const isOpen = (value: unknown): boolean => JSON.stringify(value ?? '').includes('${')

/** A provider as a channel; or why it is none here. */
export const gatusChannel = (
  kind: string,
  provider: unknown,
): { readonly entry: ChannelEntry; readonly notes: readonly Cause[] } | { readonly left: Cause } => {
  if (!isObject(provider)) return { left: because('import_value_unread', { field: 'alerting', text: kind }) }
  const made = Object.hasOwn(PROVIDERS, kind) ? PROVIDERS[kind]!(provider) : undefined
  if (!made) return { left: because('import_channel_unknown', { kind }) }
  if (isOpen(made.options)) return { left: because('import_secret_missing', { field: kind }) }
  const notes =
    kind === 'custom' && provider.body !== undefined ? [because('import_setting_left', { setting: 'body' })] : []
  return { entry: { name: kind, type: made.type, options: { ...made.options } }, notes }
}

/** How an endpoint is told, from its alerts over what its providers say for all. */
export const gatusTelling = (alerts: unknown, alerting: Readonly<Record<string, unknown>>) => {
  const list = (Array.isArray(alerts) ? alerts : []).filter(isObject)
  const whole = list.map((alert) => {
    const provider = alerting[String(alert.type)]
    const standard = isObject(provider) && isObject(provider['default-alert']) ? provider['default-alert'] : {}
    return { ...standard, ...alert }
  })
  const enabled = whole.filter((alert) => alert.enabled !== false)
  const [first] = enabled
  const [failures, successes] = ['failure-threshold', 'success-threshold'].map((name) => Number(first?.[name] ?? 0))
  const again = first?.['minimum-reminder-interval']
  return {
    kinds: [...new Set(enabled.map(({ type }) => String(type)))],
    settings: {
      failures: failures! > 0 ? failures! : 3,
      successes: successes! > 0 ? successes! : 2,
      notify_recovery: enabled.some((alert) => alert['send-on-resolved'] === true),
      reminder: typeof again === 'string' && /^(?:\d+[hms])+$/.test(again) ? again : (0 as const),
    },
  }
}
