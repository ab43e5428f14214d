import type { ApiProblemCode } from '../../../src/api/problem.ts'
import type { ValueFault } from '../../../src/core/value-fault.ts'
import { sentences } from './sentences.ts'

// Spanish of what the server refuses, by code; in English it says so itself. A code without Spanish does not compile.

/** What is wrong with a value: said at its field. */
export const FAULTS = sentences<ValueFault>()({
  missing: 'falta',
  missing_key: 'falta {{key}}',
  unknown_key: '{{key}} no se conoce aquí',
  not_one_of: 'debe ser uno de estos: {{allowed}}',
  not_known: '{{value}} no se conoce',
  not_text: 'debe ser un texto',
  not_number: 'debe ser un número',
  not_whole: 'debe ser un número entero',
  not_boolean: 'debe ser verdadero o falso',
  not_list: 'debe ser una lista',
  not_mapping: 'debe ser un objeto',
  not_duration: 'no es una duración; escriba 500ms, 30s, 5m, 1h o 2d',
  no_unit: '{{value}} no tiene unidad; escriba {{value}}s',
  not_time_of_day: 'no es una hora; escriba 22:00',
  too_small: 'debe ser al menos {{limit}}',
  too_large: 'debe ser como máximo {{limit}}',
  empty: 'está vacío',
  too_short: 'debe tener al menos {{limit}} caracteres',
  too_long: 'debe tener como máximo {{limit}} caracteres',
  too_few: 'debe tener al menos {{limit}} elementos',
  too_many: 'debe tener como máximo {{limit}} elementos',
  repeated: 'tiene elementos repetidos',
  bad_form: 'no tiene la forma debida',
  nul: 'no debe contener el carácter NUL',
  name_taken: 'ya hay otro que se llama {{name}}',
  named_twice: '{{name}} está dos veces en la lista',
  no_channel: 'no hay un canal {{name}}',
  own_fallback: 'no puede ser su propio canal de respaldo; nombre otro o déjelo vacío',
  zone_unknown: '{{zone}} no se conoce; escriba un nombre IANA como America/Lima',
  bad_cron: 'no es un horario de cinco campos que llegue; escriba por ejemplo "0 2 * * 2" para los martes a las 02:00',
  bad_end: 'debe ser una hora futura y posterior al comienzo',
  bad_expiry: 'no es un plazo hasta el final, como 90d; déjelo vacío para que no termine',
  bad_length: 'debe ser más que 0 y como máximo 31d',
  no_such_time:
    '{{value}} no es una hora que muestre un reloj; escriba por ejemplo 2026-12-01T02:00, con la diferencia horaria (como -03:00) donde esa hora viene dos veces',
  never_ends:
    'dura más de lo que falta hasta que empieza otra vez: no terminaría nunca; acórtelo o repítalo con menos frecuencia',
  forbidden_address: 'esta dirección no está permitida; un administrador puede permitirla en los ajustes',
  interval_too_short: 'es demasiado corto; escriba {{least}} o más',
  no_timeout: '0 no deja tiempo para responder; escriba por ejemplo 1s',
  bad_target:
    'no es un destino que se conozca; escriba por ejemplo https://example.com, tcp://EQUIPO:22 o icmp://EQUIPO',
  not_positive: 'debe ser más que 0',
  no_secret_yet: 'está oculto y todavía no hay ninguno: escríbalo',
  secret_again:
    'lleva a otro lugar o protege menos que antes; un secreto no va allí sin que se vea: escriba {{secret}} de nuevo',
  used_by: 'Lo usan reglas, monitores o canales: {{names}}.',
  bad_threshold: 'escriba un número hasta {{most}}, o "3 of 5" con el número menor primero',
})

/** Codes that the page says in both languages (`texts/shell.ts`), and the one whose faults say it. */
type SaidElsewhere =
  | 'forbidden'
  | 'not_found'
  | 'owned_by_file'
  | 'changed_meanwhile'
  | 'still_failing'
  | 'invalid_input'

/** Why a request is refused as a whole. */
export const PROBLEMS: Readonly<Record<Exclude<ApiProblemCode, SaidElsewhere>, string>> = {
  name_taken: 'Ya hay otro con ese nombre.',
  in_use: 'Hay reglas, monitores o canales que envían por él.',
  key_missing: 'Falta la clave con que se sellaron los secretos; el registro del servidor dice cuál.',
  not_failed: 'Solo se puede reintentar un aviso que falló, en todo o en parte, o que se canceló.',
  invalid_name: 'Un nombre tiene de 1 a 64 letras, cifras, espacios o . _ @ + -, y empieza con una letra o una cifra.',
  invalid_password: 'Una contraseña tiene de 8 a 1000 caracteres.',
  last_administrator: 'Es el último administrador: nombre antes a otro.',
  absent: 'No hay un fail2ban configurado.',
  not_running: 'fail2ban no está en marcha.',
  no_permission: 'Este servidor no tiene permiso para hablar con fail2ban.',
  no_such_jail: 'fail2ban no tiene esa jail.',
  no_such_server: 'No hay un fail2ban con ese nombre.',
  timeout: 'fail2ban no respondió a tiempo.',
  refused: 'fail2ban no lo aceptó.',
  too_wide: 'Esa red es demasiado grande para bloquearla.',
  invalid_address: 'Eso no es una dirección IP ni una red.',
  invalid_duration: 'Esa duración de bloqueo no sirve.',
  never_banned: 'Esa dirección nunca se bloquea.',
  bad_address: 'La dirección no es válida.',
  bad_json: 'El cuerpo no es JSON válido.',
  bad_request: 'La petición no es válida.',
  cross_site: 'Esto no se envió desde una página de este servidor.',
  internal_error: 'Algo salió mal aquí; el registro del servidor dice qué.',
  key_reused: 'Esa clave de idempotencia vino con otro cuerpo.',
  not_passive: 'Este monitor comprueba por sí mismo; nadie tiene que llamarlo.',
  passive: 'Este monitor espera que lo llamen; no hay nada que comprobar.',
  too_large: 'Es demasiado grande.',
  too_long: 'Una parte de la dirección es demasiado larga.',
  too_many_attempts: 'Demasiados intentos. Espere un poco.',
  totp_exists: 'Ya hay un segundo factor: quítelo antes.',
  totp_not_begun: 'Empiece de nuevo: el segundo factor queda abierto 10 minutos.',
  unauthorized: 'Para esto hay que iniciar sesión.',
  unavailable: 'La base de datos no responde en este momento. Intente de nuevo en un momento.',
  unsupported_encoding: 'Esa codificación no se acepta.',
  unsupported_media_type: 'Envíe application/json.',
  wrong_code: 'El código no es correcto. Revise el reloj del teléfono, o espere el siguiente.',
  wrong_password: 'La contraseña actual no es correcta.',
}
