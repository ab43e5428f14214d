import type { RuleCauses } from '#core/cause/rule-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const ruleEs = causeTexts<RuleCauses>()({
  condition_without_operator: '{value} no tiene operador; escriba {example} o {short}',
  condition_list_without_operator: '{value} no tiene operador; escriba {example}',
  condition_empty: 'la condición está vacía; póngala entre comillas si empieza con un operador, por ejemplo {example}',
  condition_without_parts: 'la condición está vacía; escriba {example}',
  operator_meant: '{name} no es un operador; ¿quiso decir {meant}?',
  operator_unknown: '{name} no es un operador; existen: {known}',
  operator_empty: 'el operador está vacío; póngalo entre comillas, por ejemplo {example}',
  operator_needs_list: '{operator} necesita una lista; escriba {example}',
  operator_without_value: '{operator} no tiene valor; escriba {example}, null para nada',
  operator_or_field: '{cause}; para un campo dentro de {field} escriba {example}',
  beside_operator: '{key} no puede estar junto a "operator" y "value"; quítelo',
  group_needs_list: '{kind} lleva una lista de condiciones; escriba {example}',
  any_of_nothing: '"any" sin condiciones nunca se cumple; nombre lo que puede cumplirse',
  not_of_nothing: 'la negación de {nothing} nunca se cumple; nombre lo que no debe cumplirse',
  list_without_word: 'una lista necesita antes "all" o "any"; escriba {example}',
  no_fields: '{value} no es un objeto con campos; escriba {example}, {nothing} para siempre',
  too_many_conditions: 'más de {most} condiciones; divida la regla en varias',
  conditions_too_deep: 'más de {most} niveles de anidamiento; escríbalo más plano',
  conditions_too_many_values: 'más de {most} valores; divida la regla en varias',
  conditions_too_long: 'más de {most} caracteres; divida la regla en varias',
  condition_name_too_long: 'un nombre tiene más de {most} caracteres; acórtelo',
  condition_value_of_wrong_kind:
    '{kind} no puede estar aquí; escriba solo texto, números, verdadero, falso, listas y objetos',
  matches_needs_pattern: '"matches" lleva una expresión regular como texto, por ejemplo matches: "^ssh"; llegó {value}',
  exists_needs_boolean: '"exists" lleva verdadero o falso; llegó {value}',
  cidr_without_network: '"cidr" necesita al menos una red, por ejemplo cidr: [10.0.0.0/8]',
  not_a_network: '{value} no es una red; escriba 10.0.0.0/8 o 2001:db8::/32',
  pattern_flag_unknown: 'la opción {flag} no existe; use i, m o s',
  pattern_too_long: 'la expresión regular tiene {length} caracteres; como máximo {most}',
  pattern_repeats: '{pattern} repite demasiado; use cantidades menores entre llaves, o divídalo en varios',
  pattern_invalid: '{pattern} no es una expresión regular (RE2): {error}',
  matcher_matches_everything:
    'coincide con todo lo que no lo tiene, o sea con casi todo: nombre además lo que debe estar, o escriba .+ para cualquier valor',
})
