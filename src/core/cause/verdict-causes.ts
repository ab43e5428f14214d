/** What became of an event at the rules, and why: each with the names of its facts. */
export interface VerdictCauses extends MissedCauses, DecisionCauses, ConditionCauses, SummaryCauses {
  /** One after the other. */
  readonly several_verdicts: 'each'
}

/** Why a rule did nothing about an event. */
export interface MissedCauses {
  readonly rule_disabled: never
  readonly rule_newer: never
  /** A recovery, and no alert was open under this rule. */
  readonly no_episode: never
  /** The first condition that does not hold. */
  readonly conditions: 'condition'
  readonly severity: 'severity' | 'needed'
  readonly rule_changed: never
  /** Of the rule that a monitor carries, and of the server's own: the same as `no_episode`. */
  readonly nothing_to_end: never
  readonly no_own_channel: never
  /** `since` in ISO 8601; `changes` until then; `state` is one of those that follow the decisions. */
  readonly flapping: 'since' | 'changes' | 'state'
  readonly unknown_state: never
  readonly no_change: never
}

/** What a rule decided. `until` in ISO 8601 or further notice; `above` is what it is reached through. */
interface DecisionCauses {
  readonly opened: never
  readonly opened_graver: 'from' | 'to'
  readonly opened_flapping: 'since' | 'changes' | 'state'
  readonly told_again: never
  readonly told_again_graver: 'from' | 'to'
  readonly told_flapping: 'since' | 'changes' | 'state'
  readonly reminded: never
  readonly end_told: never
  readonly cooldown_holds: 'until'
  readonly silence_holds: 'id' | 'until'
  readonly maintenance_holds: 'id' | 'until'
  readonly above_is_down: 'above'
  readonly above_flaps: 'above' | 'until'
  readonly above_just_back: 'above' | 'until'
  readonly above_looked_at: 'above' | 'until'
  readonly what_is_above: never
  readonly further_notice: never
  readonly told_by_another_alert: 'alert'
  readonly flapping_held: 'since' | 'changes' | 'state'
  readonly monitor_paused: never
  readonly acknowledgement_holds: 'until'
  readonly end_not_told: never
  readonly updates_not_told: never
  readonly ended_untold: never
  readonly below_rate: 'count' | 'needed'
  readonly too_old_to_tell: never
  readonly open_already: never
  readonly rule_names_no_channel: never
  readonly told_by_another_rule: never
  /** To whom what concerns the server itself goes. */
  readonly own_channels: never
  readonly state_up: never
  readonly state_degraded: never
  readonly state_down: never
  readonly state_unknown: never
}

/** What a condition found. `value` may be `field_missing`. */
export interface ConditionCauses {
  readonly conditions_fail: never
  readonly field_is: 'field' | 'value'
  readonly field_missing: never
  /** `relation` is one of the words that follow. */
  readonly field_compares: 'field' | 'value' | 'relation' | 'expected'
  readonly field_incomparable: 'field' | 'value' | 'kind' | 'operator' | 'expected' | 'expected_kind'
  readonly greater_than: never
  readonly not_greater_than: never
  readonly less_than: never
  readonly not_less_than: never
  readonly at_least: never
  readonly not_at_least: never
  readonly at_most: never
  readonly not_at_most: never
  readonly equal_to: never
  readonly not_equal_to: never
  readonly different_from: never
  readonly not_different_from: never
  readonly one_of: never
  readonly not_one_of: never
  readonly containing: never
  readonly not_containing: never
  readonly matching: never
  readonly not_matching: never
  readonly within: never
  readonly not_within: never
  readonly kind_list: never
  readonly kind_mapping: never
  readonly kind_text: never
  readonly kind_boolean: never
  readonly kind_number: never
  readonly all_needed: 'held' | 'count'
  readonly one_needed: 'held' | 'count'
  readonly denied_holds: never
  readonly denied_fails: never
  readonly denied_incomparable: never
}

/** One sentence for the whole. */
interface SummaryCauses {
  readonly no_rule_of_this_type: never
  readonly rules_all_disabled: 'rules'
  readonly rules_looked: 'rules' | 'matched' | 'notifications'
  readonly rules_looked_beside_disabled: 'rules' | 'matched' | 'notifications' | 'disabled'
  readonly one_rule: never
  readonly some_rules: 'count'
  readonly one_notification: never
  readonly some_notifications: 'count'
}
