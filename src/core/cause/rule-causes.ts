/** What is wrong with conditions and matchers that people wrote: each with the names of its facts. */
export interface RuleCauses {
  readonly condition_without_operator: 'value' | 'example' | 'short'
  readonly condition_list_without_operator: 'value' | 'example'
  readonly condition_empty: 'example'
  readonly condition_without_parts: 'example'
  readonly operator_meant: 'name' | 'meant'
  readonly operator_unknown: 'name' | 'known'
  readonly operator_empty: 'example'
  readonly operator_needs_list: 'operator' | 'example'
  readonly operator_without_value: 'operator' | 'example'
  /** `cause`: what is wrong with the operator. */
  readonly operator_or_field: 'cause' | 'field' | 'example'
  readonly beside_operator: 'key'
  readonly group_needs_list: 'kind' | 'example'
  readonly any_of_nothing: never
  readonly not_of_nothing: 'nothing'
  readonly list_without_word: 'example'
  readonly no_fields: 'value' | 'example' | 'nothing'
  readonly too_many_conditions: 'most'
  readonly conditions_too_deep: 'most'
  readonly conditions_too_many_values: 'most'
  readonly conditions_too_long: 'most'
  readonly condition_name_too_long: 'most'
  readonly condition_value_of_wrong_kind: 'kind'
  readonly matches_needs_pattern: 'value'
  readonly exists_needs_boolean: 'value'
  readonly cidr_without_network: never
  readonly not_a_network: 'value'
  readonly pattern_flag_unknown: 'flag'
  readonly pattern_too_long: 'length' | 'most'
  readonly pattern_repeats: 'pattern'
  readonly pattern_invalid: 'pattern' | 'error'
  readonly matcher_matches_everything: never
}
