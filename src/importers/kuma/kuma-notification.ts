import type { ChannelEntry } from '#config/channel-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import { addressesIn } from '../mail-variables.ts'
import { shortened } from '../text/lines.ts'

type Config = Readonly<Record<string, unknown>>
interface Options {
  readonly type: string
  readonly options: Readonly<Record<string, unknown>>
  readonly notes?: readonly Cause[]
}

const text = (config: Config, name: string): string | undefined =>
  typeof config[name] === 'string' && config[name] !== '' ? (config[name] as string) : undefined

const email = (config: Config): Options => {
  const to = ['smtpTo', 'smtpCC', 'smtpBCC'].flatMap((name) => addressesIn(text(config, name)))
  const [host, user, password, from] = ['smtpHost', 'smtpUsername', 'smtpPassword', 'smtpFrom'].map((name) =>
    text(config, name),
  )
  const port = Number(config.smtpPort)
  const notes = ['customSubject', 'customBody'].flatMap((name) =>
    text(config, name) ? [because('import_setting_left', { setting: name })] : [],
  )
  const smtp = {
    ...(host && { host }),
    ...(port > 0 && { port }),
    ...(user && { user }),
    ...(password && { password }),
    ...(config.smtpSecure === true && { security: 'tls' }),
  }
  return {
    type: 'email',
    notes,
    options: { ...(to.length > 0 && { to: [...new Set(to)] }), ...(from && { from }), smtp },
  }
}

const webhook = (config: Config): Options => {
  const written = text(config, 'webhookAdditionalHeaders')
  const headers = written === undefined ? undefined : jsonOf(written)
  const method = text(config, 'httpMethod')?.toUpperCase()
  return {
    type: 'webhook',
    notes: [because('import_setting_becomes', { setting: 'body', instead: 'POST' })].slice(
      0,
      text(config, 'webhookCustomBody') ? 1 : 0,
    ),
    options: {
      url: config.webhookURL,
      ...(method && method !== 'POST' && { method }),
      ...(isObject(headers) && {
        headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, String(value)])),
      }),
    },
  }
}

const ntfy = (config: Config): Options => {
  const server = (text(config, 'ntfyserverurl') ?? 'https://ntfy.sh').replace(/\/+$/, '')
  const token = text(config, 'ntfyaccesstoken')
  return {
    type: 'webhook',
    options: {
      url: `${server}/${text(config, 'ntfytopic') ?? ''}`,
      body: '{{ message }}',
      headers: { Title: '{{ title }}', ...(token && { Authorization: `Bearer ${token}` }) },
    },
  }
}

/** What speaks as Slack's webhooks do. */
const likeSlack =
  (name: string) =>
  (config: Config): Options => ({ type: 'slack', options: { webhook_url: config[name] } })

const KINDS: Readonly<Record<string, (config: Config) => Options>> = {
  smtp: email,
  telegram: (config) => ({
    type: 'telegram',
    options: {
      bot_token: config.telegramBotToken,
      chat_id: String(config.telegramChatID ?? ''),
      ...(text(config, 'telegramServerUrl') && { api_url: config.telegramServerUrl }),
    },
  }),
  slack: likeSlack('slackwebhookURL'),
  mattermost: likeSlack('mattermostWebhookUrl'),
  'rocket.chat': likeSlack('rocketwebhookURL'),
  discord: (config) => ({ type: 'discord', options: { webhook_url: config.discordWebhookUrl } }),
  webhook,
  ntfy,
}

const jsonOf = (written: unknown): unknown => {
  if (typeof written !== 'string') return written
  try {
    return JSON.parse(written)
  } catch {
    return undefined
  }
}

/** A notification of Uptime Kuma as a channel; or why it is none here. */
export const kumaChannel = (
  name: string,
  written: unknown,
  active: boolean,
): { readonly entry: ChannelEntry; readonly notes: readonly Cause[] } | { readonly left: Cause } => {
  const config = jsonOf(written)
  if (!isObject(config))
    return { left: because('import_value_unread', { field: 'config', text: shortened(String(written), 20) }) }
  const kind = String(config.type ?? '')
  const made = Object.hasOwn(KINDS, kind) ? KINDS[kind]!(config) : undefined
  if (!made) return { left: because('import_channel_unknown', { kind }) }
  const { type, options, notes = [] } = made
  return {
    entry: { name, type, options: { ...options }, ...(!active && { enabled: false }) },
    notes: active ? notes : [...notes, because('import_was_off')],
  }
}
