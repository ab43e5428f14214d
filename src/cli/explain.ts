import { explainView } from '#api/v1/explain-view.ts'
import { configured } from '#config/apply.ts'
import type { Explanation, NotificationExplanation, RuleExplanation } from '#core/alert/explanation.ts'
import type { PassedOn } from '#core/channel.ts'
import type { PathSnapshot } from '#core/monitor/path.ts'
import { isRecovery } from '#core/rule/rule.ts'
import { iso } from '#lib/time/iso.ts'
import { explain } from '#pipeline/decide/explain.ts'
import { createRegistry } from '#pipeline/decide/registry.ts'
import { probeTypes } from '#probes/index.ts'
import type { Storage } from '#storage/index.ts'
import { inEnglish } from '#templates/said.ts'
import { type AddCommand, CommandError, dataDir, printJson, printLines } from './command.ts'
import { withStorage } from './with-storage.ts'

const ownRule = ({ monitorId }: Explanation['event']): string =>
  monitorId === null ? "The server's own rule" : "The monitor's own rule"

const ruleLines = ({ rule, cause, conditions, decisions }: RuleExplanation, event: Explanation['event']): string[] => [
  `${rule ? `Rule ${rule.id} "${rule.name}"` : ownRule(event)}: ${inEnglish(cause)}`,
  ...(decisions.length > 0
    ? []
    : (conditions?.steps ?? []).map((step) => `  ${step.passed ? '✓' : '✗'} ${inEnglish(step.cause)}`)),
]

const byFallback = ({ status, fallback }: NotificationExplanation): string => {
  if (fallback === null) return ''
  return status === 'cancelled' ? `, sent by fallback ${fallback}` : `, a copy goes by ${fallback}`
}

const notificationLines = (one: NotificationExplanation): string[] => [
  `Notification ${one.id} (${one.reason}) by ${one.channel ?? 'a channel that was removed'}: ${one.status}${byFallback(one)}`,
  ...(one.via ?? []).map(passedOnLine),
  ...one.attempts.map((attempt) => {
    const answer = attempt.ok
      ? (attempt.error ?? attempt.response ?? 'delivered')
      : `${attempt.failure}: ${attempt.error}`
    return `  ${iso(attempt.at)}  ${attempt.durationMs.toFixed(0)} ms  ${answer}`
  }),
]

const WHY: Readonly<Record<PassedOn['why'], string>> = {
  week: 'on duty by the week',
  holiday: 'on duty on a holiday',
  by_hand: 'said "I am on"',
  nobody: 'fallback: nobody was on duty',
  unreachable: 'fallback: nobody on duty was reached',
  told_before: 'had heard of the trouble',
  told_there: 'hears it there anyway',
}

const passedOnLine = ({ channel, person, list, why }: PassedOn): string =>
  `  to ${person === null ? channel : `${person} by ${channel}`}: ${WHY[why]} (list ${list})`

const pathLine = (label: string, path: PathSnapshot | undefined): string[] => {
  if (!path) return []
  const hops = [
    ...path.hops.map((hop) => hop ?? '(silent)'),
    ...(path.reached ? [path.address] : ['(nothing further)']),
  ]
  return [`${label}, ${iso(path.at)}: ${hops.join(' > ')}`]
}

const lines = ({ event, summary, rules, notifications, paths }: Explanation): string[] => [
  `Event ${event.id}: ${event.type} ${event.severity} about ${event.subject}, ${iso(event.at)}`,
  inEnglish(summary),
  ...pathLine('The way while it was well', paths?.well),
  ...pathLine('The way when it failed', paths?.failing),
  '',
  ...rules.flatMap((rule) => ruleLines(rule, event)),
  ...(notifications.length > 0 ? ['', ...notifications.flatMap(notificationLines)] : []),
]

/** How far back the trouble is looked for that a monitor's last change has ended. */
const LOOKED_BACK = 50

/** Ids of the events that a command names: its number, or the last change of a monitor, and the trouble that it ended. */
export const eventIdsOf = async (
  named: string,
  storage: Pick<Storage, 'monitors' | 'events'>,
): Promise<readonly [last: number, ended?: number]> => {
  if (/^\d{1,15}$/.test(named)) return [Number(named)]
  const monitor = (await storage.monitors.list()).find(({ name }) => name === named)
  const [last, ...earlier] = monitor ? await storage.events.list({ limit: LOOKED_BACK, monitorId: monitor.id }) : []
  if (last) {
    const ended = isRecovery(last) ? earlier.find((event) => event.data.state !== 'unknown') : undefined
    return ended && !isRecovery(ended) ? [last.id, ended.id] : [last.id]
  }
  throw new CommandError(
    monitor ? `${named} has not changed its state yet` : `${named} is neither the number of an event nor a monitor`,
    1,
  )
}

export const addExplain: AddCommand = (program) => {
  program
    .command('explain')
    .description('say why an event was told of, or was not: rules, conditions, cooldowns, deliveries')
    .argument(
      '<id>',
      'number of an event, or the name of a monitor for its last change of state and the trouble that it ended',
    )
    .option('--data <folder>', 'data folder')
    .option('--json', 'print one JSON object')
    .action((named: string, flags: { data?: string; json?: boolean }) =>
      withStorage(dataDir(flags.data), async (storage) => {
        const registry = createRegistry(({ type, options }) => probeTypes.get(type)?.describe(options) ?? type)
        const { monitors, channels } = await configured(storage)
        registry.replace(monitors, channels)
        registry.replaceRules(await storage.rules.list())
        const [last, ended] = await eventIdsOf(named, storage)
        const explanation = await explain(last, { storage, registry })
        if (!explanation) throw new CommandError(`there is no event ${named}`, 1)
        // Whoever asks after the end asks above all why its beginning was told, or was not.
        const before = ended === undefined ? undefined : await explain(ended, { storage, registry })
        if (flags.json) printJson({ ...explainView(explanation), ...(before && { ended: explainView(before) }) })
        else printLines([...lines(explanation), ...(before ? ['', 'What it ended:', '', ...lines(before)] : [])])
      }),
    )
}
