import type { Alert } from '#core/alert/alert.ts'
import type { EscalationStep } from '#core/alert/escalation.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import type { Rule } from '#core/rule/rule.ts'
import type { Storage } from '#storage/index.ts'
import type { Correlated } from './correlated.ts'
import type { Network } from './network.ts'
import type { Quiets } from './quiets.ts'

/** An escalation step with the ids of its channels. */
export interface KnownStep extends EscalationStep {
  readonly channelIds: readonly number[]
}

export interface TickDeps {
  readonly storage: Storage
  readonly quiets: () => Quiets
  readonly correlated?: Correlated | undefined
  /** Who is told of what nobody acknowledges; absent: nobody else. */
  readonly escalation?: (() => readonly KnownStep[]) | undefined
  readonly network?: Pick<Network, 'hindrance' | 'affected' | 'state' | 'inMaintenance'> | undefined
  /** The rule that an alert belongs to, and its monitor; undefined when the rule is gone or disabled. */
  readonly ruleOf: (alert: Alert) => { readonly rule: Rule; readonly monitor: Monitor | undefined } | undefined
}
