import type { Cause } from '#core/cause/cause.ts'

/** What keeps a template from being read: each with the names of its facts. `never`: it has none. */
interface SyntaxFaults {
  readonly another_expected: 'found' | 'wanted'
  /** What is wanted, within another fault; else it is a sign. */
  readonly a_name: never
  readonly a_name_or_number: never
  readonly an_expression: never
  readonly a_tag: never
  readonly comment_not_closed: never
  readonly raw_not_closed: never
  readonly text_not_closed: never
  readonly not_closed: 'opened' | 'line' | 'end'
  readonly sign_unknown: 'sign'
  readonly bracket_closes_nothing: 'bracket'
  readonly another_bracket_needed: 'bracket' | 'wanted'
  readonly not_a_name: 'name'
  readonly escape_incomplete: 'escape'
  readonly arguments_out_of_order: never
  readonly subscript_empty: never
  readonly tests_chained: never
  readonly only_names_are_set: never
  readonly default_missing: 'name'
  readonly call_without_call: never
  readonly block_required: never
  readonly block_twice: 'name'
  readonly other_template: 'tag'
  readonly tag_closes_nothing: 'tag'
  /** `instead` is one of those that follow. */
  readonly tag_unknown: 'tag' | 'instead'
  readonly set_instead_of_do: never
  readonly filter_the_loop: never
  readonly put_rest_into_if: never
  readonly write_text_itself: never
  readonly try_preview: never
  readonly write_raw: never
  readonly print_or_take_out: never
}

/** What no facts of an event can make right. */
interface MeaningFaults {
  /** `kind`: a filter or a test. */
  readonly name_unknown: 'kind' | 'name'
  readonly name_unknown_instead: 'kind' | 'name' | 'instead'
  readonly kind_filter: never
  readonly kind_test: never
  readonly take_it_out: never
  readonly write_instead: 'meant'
  readonly filter_not_available: 'name' | 'instead'
  readonly reaches_program: 'name'
  readonly method_of_mappings: 'name'
  readonly lipsum: never
  readonly series_printed: 'series'
  readonly called_before_defined: 'macro'
  readonly super_without_parent: never
  readonly filter_called: 'name'
  readonly function_unknown: 'name' | 'instead'
  readonly fields_are_not_called: never
  readonly method_unknown: 'name' | 'instead'
  readonly leave_call_out: 'name'
  readonly data_called: never
  readonly outside_of_loop: 'name'
  readonly loop_is_taken: never
  readonly not_a_namespace: 'name'
  readonly macro_without_caller: 'macro'
  readonly function_not_called: 'name'
}

/** Of calls: `called` is a filter, a test, a function, a method or a macro. */
interface CallFaults {
  readonly takes_nothing: 'called' | 'count'
  readonly takes_at_most: 'called' | 'most' | 'names' | 'count'
  readonly argument_unknown: 'called' | 'argument'
  readonly argument_unknown_of: 'called' | 'argument' | 'names'
  readonly argument_without_name: 'called' | 'argument'
  readonly argument_twice: 'called' | 'argument'
  readonly argument_missing: 'called' | 'argument'
  readonly attribute_missing: 'called'
  readonly map_without_filter: never
  readonly filter_name_missing: 'called'
  readonly macro_takes_at_most: 'macro' | 'most'
  readonly macro_has_no_caller: 'macro'
  readonly call_without_macro: never
  readonly not_there_to_call: 'name'
  readonly not_callable: 'name' | 'type'
  readonly not_called: 'name'
}

/** Of values: `type` is what Python calls the one that is there. */
interface ValueFaults {
  readonly whole_number_needed: 'type'
  readonly text_needed: 'type'
  readonly number_needed: 'called' | 'type'
  readonly number_missing: 'name' | 'called'
  readonly mapping_needed: 'called'
  /** `found`: its type, or that it is not there. */
  readonly mapping_needed_instead: 'called' | 'found'
  readonly not_there: 'name'
  readonly operand_missing: 'name' | 'operator'
  readonly operands_differ: 'operator' | 'left' | 'right'
  readonly divided_by_zero: never
  readonly power_of_negative: never
  readonly number_too_large: never
  readonly infinity_not_whole: never
  readonly no_items: 'type'
  readonly no_length: 'type'
  readonly series_has_no_length: 'type'
  readonly not_a_key: 'type'
  readonly not_as_json: 'type'
  readonly text_sought: 'type'
  readonly nothing_to_look_in: 'type'
  readonly slice_impossible: 'type'
  readonly slice_step_zero: never
  readonly slice_of_parts: never
  readonly range_step_zero: never
  readonly counts_differ: 'names' | 'values'
  readonly mapping_not_of_pairs: never
  readonly key_not_there: 'key'
  readonly mapping_empty: never
  readonly value_not_in_list: never
  readonly nothing_to_pop: never
  readonly last_needs_list: never
  readonly random_needs_list: never
  readonly dictsort_by: never
  readonly sum_of_texts: never
  readonly slice_of_none: never
  readonly cycler_empty: never
  readonly cycle_empty: never
  readonly rounding_unknown: 'rounding'
  readonly attribute_name_odd: 'name'
  readonly truncated_below_end: 'most' | 'end'
  readonly wrapped_to_nothing: never
  readonly separator_empty: never
  readonly text_not_found: never
  readonly fill_of_several: never
  readonly joined_no_text: 'position' | 'type'
}

/** Of Python's two ways to format. */
interface FormatFaults {
  readonly values_and_names: never
  readonly more_places: never
  readonly fewer_places: never
  readonly names_needed: 'place'
  readonly value_not_given: 'name'
  readonly percent_alone: 'directive'
  readonly directive_needs: 'directive' | 'wanted' | 'type'
  /** What one needs. */
  readonly a_number: never
  readonly a_whole_number: never
  readonly a_character: never
  readonly spec_unknown: 'spec'
  readonly spec_of_another_type: 'spec' | 'type'
  readonly place_unknown: 'place'
  readonly brace_opens_nowhere: never
  readonly brace_not_closed: never
  readonly places_too_deep: never
  readonly conversion_unknown: 'conversion'
  readonly format_attribute_unknown: 'name'
}

/** Of more than a template may cost or make, and where in it a fault is. */
interface WholeFaults {
  readonly nests_too_deeply: never
  readonly too_many_steps: never
  readonly too_large: never
  readonly in_part: 'part' | 'fault'
  readonly in_line: 'part' | 'line' | 'fault'
  readonly output_too_long: 'part' | 'size' | 'most'
}

/**
 * Why a template cannot be read or rendered: each fault with the names of its facts. Its sentences are read where templates
 * run, and nowhere else.
 */
export interface TemplateFaults
  extends SyntaxFaults,
    MeaningFaults,
    CallFaults,
    ValueFaults,
    FormatFaults,
    WholeFaults {}

export type TemplateFaultCode = keyof TemplateFaults
type Fact = string | number | TemplateFault | Cause
type FactsOf<Code extends TemplateFaultCode> = { readonly [Name in TemplateFaults[Code]]: Fact }

/** A fault as a code with its facts; a fault within a fault is said in its place. */
export interface TemplateFault {
  readonly code: TemplateFaultCode
  readonly facts: Readonly<Record<string, Fact>>
}

/** What stands behind a code: the facts that it asks for, where it asks for any. */
export type FaultFacts<Code extends TemplateFaultCode> = [TemplateFaults[Code]] extends [never]
  ? []
  : [facts: FactsOf<Code>]

/**
 * A fault with the facts that its code asks for.
 *
 * @example
 * faultOf('write_instead', { meant: 'upper' }) // "write upper"
 */
export const faultOf = <Code extends TemplateFaultCode>(code: Code, ...[facts]: FaultFacts<Code>): TemplateFault => ({
  code,
  facts: facts ?? {},
})
