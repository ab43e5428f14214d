import type { ValueFault } from '#core/value-fault.ts'
import { causeTexts } from './causes/cause-texts.ts'

type FactsOf = {
  readonly [Code in ValueFault['code']]: keyof Extract<ValueFault, { readonly code: Code }>['facts']
}

/** What is wrong with a value, in Spanish; in English each place says so itself. */
export const valueFaultsEs = causeTexts<FactsOf>()({
  missing: 'falta',
  missing_key: 'falta {key}',
  unknown_key: '{key} no se conoce aquí',
  not_one_of: 'debe ser uno de estos: {allowed}',
  not_known: '{value} no se conoce',
  not_text: 'debe ser un texto',
  not_number: 'debe ser un número',
  not_whole: 'debe ser un número entero',
  not_boolean: 'debe ser verdadero o falso',
  not_list: 'debe ser una lista',
  not_mapping: 'debe ser un objeto',
  not_duration: 'no es una duración; escriba 500ms, 30s, 5m, 1h o 2d',
  no_unit: '{value} no tiene unidad; escriba {value}s',
  not_time_of_day: 'no es una hora; escriba 22:00',
  too_small: 'debe ser al menos {limit}',
  too_large: 'debe ser como máximo {limit}',
  empty: 'está vacío',
  too_short: 'debe tener al menos {limit} caracteres',
  too_long: 'debe tener como máximo {limit} caracteres',
  too_few: 'debe tener al menos {limit} elementos',
  too_many: 'debe tener como máximo {limit} elementos',
  repeated: 'tiene elementos repetidos',
  bad_form: 'no tiene la forma debida',
  nul: 'no debe contener el carácter NUL',
  name_taken: 'ya hay otro que se llama {name}',
  named_twice: '{name} está dos veces en la lista',
  no_channel: 'no hay un canal {name}',
  own_fallback: 'no puede ser su propio canal de respaldo; nombre otro o déjelo vacío',
  zone_unknown: '{zone} no se conoce; escriba un nombre IANA como America/Lima',
  bad_cron: 'no es un horario de cinco campos que llegue; escriba por ejemplo "0 2 * * 2" para los martes a las 02:00',
  bad_end: 'debe ser una hora futura y posterior al comienzo',
  bad_expiry: 'no es un plazo hasta el final, como 90d; déjelo vacío para que no termine',
  bad_length: 'debe ser más que 0 y como máximo 31d',
  no_such_time:
    '{value} no es una hora que muestre un reloj; escriba por ejemplo 2026-12-01T02:00, con la diferencia horaria (como -03:00) donde esa hora viene dos veces',
  never_ends:
    'dura más de lo que falta hasta que empieza otra vez: no terminaría nunca; acórtelo o repítalo con menos frecuencia',
  forbidden_address: 'esta dirección no está permitida; un administrador puede permitirla en los ajustes',
  interval_too_short: 'es demasiado corto; escriba {least} o más',
  no_timeout: '0 no deja tiempo para responder; escriba por ejemplo 1s',
  bad_target:
    'no es un destino que se conozca; escriba por ejemplo https://example.com, tcp://EQUIPO:22 o icmp://EQUIPO',
  not_positive: 'debe ser más que 0',
  no_secret_yet: 'está oculto y todavía no hay ninguno: escríbalo',
  secret_again:
    'lleva a otro lugar o protege menos que antes; un secreto no va allí sin que se vea: escriba {secret} de nuevo',
  used_by: 'Lo usan reglas, monitores o canales: {names}.',
  bad_threshold: 'escriba un número hasta {most}, o "3 of 5" con el número menor primero',
})
