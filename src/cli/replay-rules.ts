import { loadRules } from '#config/rules.ts'
import type { NewEvent } from '#core/event/event.ts'
import { CORRELATION } from '#core/event/reserved-events.ts'
import { subjectOf } from '#core/rule/rule.ts'
import { type CompiledRule, looksAt, type RuleSpec } from '#core/rule/rule-spec.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'
import { createBacktestJudge } from '#pipeline/decide/backtest-judge.ts'
import { unsavedRule } from '#pipeline/decide/unsaved-rule.ts'
import { CommandError, dataDir } from './command.ts'
import { withStorage } from './with-storage.ts'

/** A rule and the names of the channels that it tells. */
export interface ReplayRule {
  readonly spec: RuleSpec
  readonly channels: readonly string[]
}

const DAY_MS = 86_400_000
const MOST_STORIES = 10_000

const rulesOfFile = (path: string): ReplayRule[] => {
  const loaded = loadRules(path)
  if ('problems' in loaded) throw new CommandError(loaded.problems.join('\n'))
  return loaded.rules.map(({ channels, ...spec }) => ({ spec: { ...spec, channelIds: [] }, channels }))
}

const rulesOfServer = async (folder: string): Promise<ReplayRule[]> => {
  const rules: ReplayRule[] = []
  await withStorage(folder, async (storage) => {
    const names = new Map((await storage.channels.list()).map(({ id, name }) => [id, name]))
    for (const spec of await storage.rules.list())
      rules.push({ spec, channels: spec.channelIds.flatMap((id) => names.get(id) ?? []) })
  })
  return rules
}

/** The rules in force of a file, or of a data folder. */
export const replayRules = async (file: string | true, data: string | undefined): Promise<readonly ReplayRule[]> => {
  const rules = file === true ? await rulesOfServer(dataDir(data)) : rulesOfFile(file)
  const enabled = rules.filter(({ spec }) => spec.enabled)
  if (enabled.length > 0) return enabled
  const place = file === true ? dataDir(data) : file
  throw new CommandError(`${place}: no rule there is enabled${rules.length > 0 ? ` (${rules.length} are not)` : ''}`)
}

/** What a rule would have sent about an event. */
export interface WouldSend {
  readonly rule: string
  readonly channels: readonly string[]
}

/**
 * Judges events, in their order, by rules as a server that heard of each at its own time: conditions, severity, rate,
 * cooldown, and the silence of whatever a story about the same address speaks for. Reminders and ends are not counted.
 */
export const createRuleReplay = (rules: readonly ReplayRule[]) => {
  const judged = rules.flatMap(({ spec, channels }) => {
    const rule = unsavedRule(spec)
    return rule ? [{ rule, channels, ...createBacktestJudge(rule, Number.POSITIVE_INFINITY, 'UTC'), gathered: 0 }] : []
  })
  /** Until when a story speaks for an address, ms. */
  const stories = createRecentMap<string, number>(MOST_STORIES)
  let id = 0

  const noteStory = (rule: CompiledRule, event: NewEvent) =>
    stories.set(subjectOf(rule, event), event.at + (rule.resolveAfterMs ?? DAY_MS))

  return {
    judge: (event: NewEvent): readonly WouldSend[] => {
      id++
      const speaksFor = event.type !== CORRELATION && (stories.get(event.subject) ?? 0) > event.at
      return judged.flatMap((one) => {
        if (!looksAt(one.rule.spec.type, event.type) || !one.judge({ ...event, id })) return []
        if (event.type === CORRELATION) noteStory(one.rule, event)
        if (!speaksFor) return { rule: one.rule.name, channels: one.channels }
        one.gathered++
        return []
      })
    },
    /** One line for each rule. */
    summary: (): readonly string[] =>
      judged.map(({ rule, result, gathered }) => {
        const { matched, wouldSend, heldByCooldown, belowRate } = result()
        const held = [
          heldByCooldown > 0 && `${heldByCooldown} within its cooldown`,
          belowRate > 0 && `${belowRate} below its rate`,
          gathered > 0 && `${gathered} told by a story about the address`,
        ].filter(Boolean)
        const rest = held.length > 0 ? ` (${held.join(', ')})` : ''
        return `rule ${rule.name}: ${matched} events matched, ${wouldSend - gathered} would have been sent${rest}`
      }),
  }
}
