import type { Alert } from '#core/alert.ts'
import type { Monitor } from '#core/monitor.ts'
import type { Rule } from '#core/rule.ts'
import type { Storage } from '#storage/index.ts'
import type { Correlated } from './correlated.ts'
import type { Network } from './network.ts'
import type { Quiets } from './quiets.ts'

export interface TickDeps {
  readonly storage: Storage
  readonly quiets: () => Quiets
  readonly correlated?: Correlated | undefined
  readonly network?: Pick<Network, 'hindrance' | 'affected'> | undefined
  /** The rule that an alert belongs to, and its monitor; undefined when the rule is gone or disabled. */
  readonly ruleOf: (alert: Alert) => { readonly rule: Rule; readonly monitor: Monitor | undefined } | undefined
}
