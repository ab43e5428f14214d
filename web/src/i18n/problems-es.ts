import type { ApiProblemCode } from '../../../src/api/problem.ts'

// Spanish of what the server refuses, by code; in English it says so itself. A code without Spanish does not compile.

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
  no_room: 'El disco de la carpeta de datos no tiene lugar.',
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
