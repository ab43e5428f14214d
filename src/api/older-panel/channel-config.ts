import type { Channel } from '#core/message/channel-spec.ts'
import { isObject, type Json, type JsonObject } from '#lib/json.ts'
import { own } from '#lib/own.ts'
import { MASK, maskSecrets } from '#storage/secret-fields.ts'
import type { TypeInfo } from '../services.ts'

/** A field of the older panel's `config`, and the option that it is here. */
type Field = readonly [older: string, option: string]

/** Where the names differ; the fields of every other type are called as its options are. */
const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  email: [
    ['recipients', 'to'],
    ['smtp_server', 'smtp.host'],
    ['smtp_port', 'smtp.port'],
    ['smtp_user', 'smtp.user'],
    ['smtp_password', 'smtp.password'],
    // Not known to the older panel.
    ['smtp_security', 'smtp.security'],
    ['smtp_ca', 'smtp.ca'],
    ['smtp_from', 'from'],
  ],
}

const fieldsOf = (type: string): readonly Field[] => own(FIELDS, type) ?? []

/** Channels of the older panel carried empty fields, and ports as text; neither had a meaning there. */
const tidy = (option: string, value: Json): Json | undefined => {
  if (value === '' || value === null || (Array.isArray(value) && value.length === 0)) return undefined
  return option === 'smtp.port' && /^\d{1,5}$/.test(String(value)) ? Number(value) : value
}

/** Options of a channel from a `config`; what it does not name is gone, for a `config` is always the whole. */
export const optionsOf = (type: string, config: JsonObject): JsonObject => {
  const fields = new Map(fieldsOf(type))
  const options: Record<string, Json> = {}
  const smtp: Record<string, Json> = {}
  for (const [key, sent] of Object.entries(config)) {
    const option = fields.get(key)
    const value = option === undefined ? sent : tidy(option, sent)
    if (value === undefined) continue
    if (option?.startsWith('smtp.')) smtp[option.slice('smtp.'.length)] = value
    else options[option ?? key] = value
  }
  // A port belongs to its server: alone it would stand beside the server of the environment.
  if (smtp.host === undefined) delete smtp.port
  return Object.keys(smtp).length > 0 ? { ...options, smtp } : options
}

/** The first ten characters name the bot, the secret comes after them. */
const LONG_ENOUGH = 30
const shownToken = (token: Json | undefined): string =>
  typeof token === 'string' && token.length >= LONG_ENOUGH ? `${token.slice(0, 10)}${MASK}` : MASK

const at = (options: JsonObject, path: string): Json | undefined =>
  path
    .split('.')
    .reduce<Json | undefined>((value, key) => (isObject(value) ? (value[key] as Json) : undefined), options)

/** The `config` of a channel with its secrets masked. */
export const configOf = ({ type, options, locked }: Channel, types: ReadonlyMap<string, TypeInfo>): JsonObject => {
  const schema = types.get(type)?.options
  const masked = schema ? maskSecrets(schema, options) : {}
  if (type === 'telegram') return { ...masked, bot_token: locked ? MASK : shownToken(options.bot_token) }
  if (!own(FIELDS, type)) return masked
  const config = Object.fromEntries(fieldsOf(type).map(([older, option]) => [older, at(masked, option)]))
  const recipients = typeof config.recipients === 'string' ? config.recipients.split(/\s*[,;]\s*/) : config.recipients
  return JSON.parse(JSON.stringify({ ...config, recipients: recipients ?? [] }))
}

/** The options that a changed `config` asks for: a secret that was sent back as it was shown stays. */
export const changedOptions = (channel: Channel, config: JsonObject): JsonObject =>
  optionsOf(
    channel.type,
    channel.type === 'telegram' && config.bot_token === shownToken(channel.options.bot_token)
      ? { ...config, bot_token: MASK }
      : config,
  )

/** `options.smtp.host` as the older panel calls it: `config.smtp_server`. */
export const configPath = (path: string): string => {
  const option = path.replace(/^options\.?/, '')
  const fields = Object.values(FIELDS).flat()
  const older = fields.find(([, ours]) => `${option}.`.startsWith(`${ours}.`))
  // What lacks a mail server lacks its first field.
  const [name, ours] = older ?? fields.find(([, one]) => one.startsWith(`${option}.`)) ?? [option, option]
  return ['config', name + option.slice(ours.length)].filter(Boolean).join('.')
}
