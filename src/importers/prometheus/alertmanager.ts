import { isDeepStrictEqual } from 'node:util'
import type { ChannelEntry } from '#config/channel-schema.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { isObject } from '#lib/json.ts'
import { parseDuration } from '#lib/time/duration.ts'
import { type Found, type ImportPlan, type Left, type Place, type RuleEntry, SourceError } from '../import-plan.ts'
import { defineImporter } from '../importer.ts'
import { addressesIn } from '../mail-variables.ts'
import { createNames } from '../names.ts'
import type { Source, SourceFile } from '../source.ts'
import { shortened } from '../text/lines.ts'
import { readYaml } from '../text/yaml-text.ts'
import { type QuietHours, quietHoursOf } from './quiet-hours.ts'

type Values = Readonly<Record<string, unknown>>
type Condition = Readonly<Record<string, unknown>>

const objectsOf = (value: unknown): Values[] =>
  Array.isArray(value) ? value.filter((one): one is Values => isObject(one)) : []
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

interface Made {
  readonly type: string
  readonly options: Values
}

const email = (one: Values, global: Values): Made => {
  const place = textOf(one.smarthost) ?? textOf(global.smtp_smarthost)
  const [, host, port] = /^(.*):(\d+)$/.exec(place ?? '') ?? []
  const [user, password, from] = [
    textOf(one.auth_username) ?? textOf(global.smtp_auth_username),
    textOf(one.auth_password) ?? textOf(global.smtp_auth_password),
    textOf(one.from) ?? textOf(global.smtp_from),
  ]
  const smtp = { ...(host && { host, port: Number(port) }), ...(user && { user }), ...(password && { password }) }
  return { type: 'email', options: { to: addressesIn(String(one.to ?? '')), ...(from && { from }), smtp } }
}

const RECEIVERS: Readonly<Record<string, (one: Values, global: Values) => Made>> = {
  email_configs: email,
  slack_configs: (one, global) => ({ type: 'slack', options: { webhook_url: one.api_url ?? global.slack_api_url } }),
  discord_configs: (one) => ({ type: 'discord', options: { webhook_url: one.webhook_url } }),
  telegram_configs: (one) => ({
    type: 'telegram',
    options: { bot_token: one.bot_token, chat_id: String(one.chat_id ?? '') },
  }),
  webhook_configs: (one) => ({ type: 'webhook', options: { url: one.url } }),
}

/** One matcher of a route, as a condition; undefined where it cannot be read. */
const conditionOf = (written: string): Condition | undefined => {
  const [, name, operator, value] = /^\s*"?([A-Za-z_][\w.]*)"?\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(written) ?? []
  if (name === undefined || value === undefined) return undefined
  const text = value.replace(/^"(.*)"$/s, '$1').replace(/^'(.*)'$/s, '$1')
  if (operator === '=') return { [name]: { operator: '==', value: text } }
  if (operator === '!=') return { not: { [name]: { operator: '==', value: text } } }
  const pattern = { [name]: { operator: 'matches', value: `^(?:${text})$` } }
  return operator === '=~' ? pattern : { not: pattern }
}

/** Matchers of a list: each a text, or several in braces. */
const matchersOf = (route: Values): string[] => {
  const old = (key: string, operator: string) =>
    isObject(route[key]) ? Object.entries(route[key]).map(([name, value]) => `${name}${operator}${String(value)}`) : []
  const written = Array.isArray(route.matchers)
    ? route.matchers.map(String)
    : textOf(route.matchers)
      ? [String(route.matchers)]
      : []
  const each = written.flatMap((one) =>
    one.replace(/^\s*\{(.*)\}\s*$/s, '$1').split(/,(?=\s*"?[A-Za-z_][\w.]*"?\s*[!=])/),
  )
  return [...old('match', '='), ...old('match_re', '=~'), ...each.filter((one) => one.trim() !== '')]
}

const durationIn = (value: unknown): string | undefined => {
  const text = textOf(value)
  return text !== undefined && (parseDuration(text) ?? 0) > 0 ? text : undefined
}

interface Walk {
  readonly channels: ReadonlyMap<string, readonly string[]>
  /** Receivers that tell somebody there. */
  readonly telling: ReadonlySet<string>
  /** Receivers that have their time intervals as quiet hours. */
  readonly quiet: ReadonlySet<string>
  readonly rules: Found<RuleEntry>[]
  readonly left: Left[]
  readonly placeOf: (path: readonly (string | number)[]) => Place
  readonly nameOf: ReturnType<typeof createNames>
}

const DEEPEST = 30

/**
 * A route as a rule: what reaches it, and neither a sibling before it nor one below. Returns its own condition; undefined
 * where that cannot be read, and nothing of it comes in.
 */
const walk = (
  route: Values,
  inherited: Values,
  above: readonly Condition[],
  path: readonly (string | number)[],
  state: Walk,
): Condition | undefined => {
  const { rules, left, placeOf, nameOf, channels } = state
  const whole: Values = { ...inherited, ...route }
  const receiver = String(whole.receiver ?? '')
  const place = placeOf(path)
  const own = matchersOf(route).map((written) => ({ written, condition: conditionOf(written) }))
  const unread = own.find(({ condition }) => condition === undefined)
  if (unread || path.length > 2 * DEEPEST) {
    const text = unread?.written ?? 'routes'
    left.push({
      what: receiver,
      place,
      why: because('import_value_unread', { field: 'matchers', text: shortened(text) }),
    })
    return undefined
  }
  const conditions = own.map(({ condition }) => condition!)
  const here = [...above, ...conditions]
  const passedOn: Condition[] = []
  for (const [index, child] of objectsOf(route.routes).entries()) {
    const { receiver: name, group_by, group_wait, group_interval, repeat_interval } = whole
    const handed = { receiver: name, group_by, group_wait, group_interval, repeat_interval }
    const before = passedOn.map((condition) => ({ not: condition }))
    const taken = walk(child, handed, [...here, ...before], [...path, 'routes', index], state)
    if (taken && child.continue !== true) passedOn.push(taken)
  }
  const all = [...here, ...passedOn.map((condition) => ({ not: condition }))]
  const { name, notes } = nameOf(receiver === '' ? 'Alertmanager' : `Alertmanager ${receiver}`)
  const told = channels.get(receiver) ?? []
  const muted = state.quiet.has(receiver)
    ? []
    : ['mute_time_intervals', 'active_time_intervals'].filter((key) => route[key] !== undefined)
  const more: Cause[] = muted.map((setting) => because('import_setting_left', { setting }))
  const entry: RuleEntry = {
    name,
    type: 'prometheus_alert',
    conditions: all.length === 0 ? {} : all.length === 1 ? all[0] : { all },
    channels: told,
    cooldown: '0',
    reminder: durationIn(whole.repeat_interval) ?? '4h',
  }
  if (told.length > 0) rules.push({ entry, place, notes: [...more, ...notes] })
  // One without any way to tell is there to be silent.
  else if (state.telling.has(receiver))
    left.push({ what: name, place, why: because('import_channel_missing', { name: receiver }) })
  return conditions.length === 1 ? conditions[0]! : { all: conditions }
}

/** Every route that names a receiver, with what it has from above. */
const routesOf = (root: Values, receiver: string): Values[] => {
  const found: Values[] = []
  const visit = (route: Values, inherited: unknown, depth: number) => {
    const name = route.receiver ?? inherited
    if (name === receiver) found.push(route)
    if (depth < DEEPEST) for (const child of objectsOf(route.routes)) visit(child, name, depth + 1)
  }
  visit(root, undefined, 0)
  return found
}

/** Quiet hours of a receiver, where all of its routes say the same ones. */
const quietOf = (content: Values, root: Values, receiver: string): QuietHours | undefined => {
  const [first, ...others] = routesOf(root, receiver).map((route) => quietHoursOf(content, route))
  return first && others.every((one) => isDeepStrictEqual(one, first)) ? first : undefined
}

/** How messages of a receiver are gathered, by the first route that names it. */
const groupOf = (root: Values, receiver: string): Values | undefined => {
  const find = (route: Values, inherited: Values, depth: number): Values | undefined => {
    const whole = { ...inherited, ...route }
    if (whole.receiver === receiver) return whole
    if (depth > DEEPEST) return undefined
    for (const child of objectsOf(route.routes)) {
      const found = find(child, whole, depth + 1)
      if (found) return found
    }
    return undefined
  }
  const route = find(root, {}, 0)
  const by = Array.isArray(route?.group_by) ? route.group_by.map(String) : []
  if (!route || by.includes('...') || by.length === 0) return undefined
  return {
    by: by.slice(0, 10),
    wait: durationIn(route.group_wait) ?? '30s',
    interval: durationIn(route.group_interval) ?? '5m',
  }
}

const read = (_source: Source, file: SourceFile): ImportPlan => {
  const yaml = readYaml(file)
  const content = yaml.value
  if (!isObject(content))
    throw new SourceError({ file: file.name, line: 1 }, because('import_kind_not_found', { kind: 'alertmanager' }))
  const placeOf = (path: readonly (string | number)[]): Place => ({ file: file.name, line: yaml.lineOf(path) })
  const global = isObject(content.global) ? content.global : {}
  const root = isObject(content.route) ? content.route : {}
  const left: Left[] = []
  const channels: Found<ChannelEntry>[] = []
  const byReceiver = new Map<string, string[]>()
  const channelName = createNames()
  const telling = new Set<string>()
  const quieted = new Set<string>()
  for (const [index, receiver] of objectsOf(content.receivers).entries()) {
    const called = String(receiver.name ?? '')
    const place = placeOf(['receivers', index])
    const group = groupOf(root, called)
    const quiet = quietOf(content, root, called)
    for (const [key, configs] of Object.entries(receiver).filter(([key]) => key.endsWith('_configs')))
      for (const one of objectsOf(configs)) {
        telling.add(called)
        if (quiet) quieted.add(called)
        const made = Object.hasOwn(RECEIVERS, key) ? RECEIVERS[key]!(one, global) : undefined
        if (!made) {
          left.push({
            what: called,
            place,
            why: because('import_channel_unknown', { kind: key.replace(/_configs$/, '') }),
          })
          continue
        }
        const files = Object.keys(one).filter((name) => name.endsWith('_file'))
        if (files.length > 0) {
          left.push({ what: called, place, why: because('import_secret_missing', { field: files.join(', ') }) })
          continue
        }
        const { name, notes } = channelName(called, made.type)
        byReceiver.getOrInsertComputed(called, () => []).push(name)
        const hours = quiet && { quiet: { from: quiet.from, to: quiet.to }, time_zone: quiet.timeZone }
        const entry = {
          name,
          type: made.type,
          options: { ...made.options },
          ...(group && { group }),
          ...hours,
        } as ChannelEntry
        const becomes = quiet
          ? [
              because('import_setting_becomes', {
                setting: 'time intervals',
                instead: `quiet ${quiet.from}-${quiet.to}`,
              }),
            ]
          : []
        channels.push({ place, notes: [...notes, ...becomes], entry })
      }
  }
  const rules: Found<RuleEntry>[] = []
  walk(root, {}, [], ['route'], {
    channels: byReceiver,
    telling,
    quiet: quieted,
    rules,
    left,
    placeOf,
    nameOf: createNames(),
  })
  // Intervals that no channel has as its hours are named at the routes that use them.
  for (const key of ['inhibit_rules', 'templates'])
    if (Array.isArray(content[key]) && content[key].length > 0)
      left.push({ what: key, place: placeOf([key]), why: because('import_setting_left', { setting: key }) })
  return { kind: 'alertmanager', tool: 'Alertmanager', channels, rules, left }
}

/** Alertmanager's receivers as channels, and its routes as rules. */
export const alertmanager = defineImporter({
  kind: 'alertmanager',
  title: 'Alertmanager (YAML)',
  recognises: (file) =>
    /\.ya?ml$/i.test(file.name) && /^receivers:/m.test(file.headText()) && /^route:/m.test(file.headText()),
  read,
})
