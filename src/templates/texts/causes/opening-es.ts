import type { OpeningCauses } from '#core/cause/opening-causes.ts'
import { causeTexts } from './cause-texts.ts'

/** Why a store cannot be opened, copied or brought back, in Spanish. */
export const openingEs = causeTexts<OpeningCauses>()({
  folder_in_use:
    '{folder} está en uso por el proceso {pid}. Detenga primero ese proceso, o elija otra carpeta con --data.',
  folder_being_taken: 'otro proceso está tomando {folder} en este momento. Inténtelo de nuevo.',
  folder_read_only:
    'no se puede escribir {folder}: para este usuario es de solo lectura. Dé permiso de escritura, o elija otra carpeta con --data.',
  folder_full: 'no se puede escribir {folder}: el disco está lleno. Libere espacio y vuelva a iniciar.',
  folder_never_used:
    '{path} no existe: ningún servidor ha funcionado todavía con esta carpeta. Indique la correcta con --data.',
  folder_not_made: 'no se puede crear {folder}: {error}. Elija otra carpeta con --data.',
  store_too_large_for_memory:
    '{path} no puede crecer: el disco está lleno, y es demasiado grande para tenerlo mientras tanto en memoria. Libere espacio y vuelva a iniciar.',
  store_lost:
    '{path} {state}, aunque {trace} muestra que un servidor ha funcionado con esta carpeta. Restaure la última copia: vigia restore CARPETA --data {folder}. Los datos en PostgreSQL necesitan DATABASE_URL. Para empezar de nuevo a propósito: vigia serve --new-database (lo que hay se aparta, secret.key se queda).',
  file_empty: 'está vacío',
  file_missing: 'no está',
  store_newer:
    'una versión más nueva de Vigía usó la base de datos ({migrations}). Inicie esa versión, o restaure una copia hecha con esta.',
  history_newer: '{path} fue escrito por una versión más nueva de Vigía (formato {format}). Inicie esa versión.',
  history_blocks_newer:
    'history.db contiene bloques del formato {format}: inicie la versión más nueva de Vigía que los escribió.',
  history_of_another: '{path} es de otra instalación: sus monitores no son los de vigia.db.',
  history_block_damaged: 'un bloque del historial está dañado',
  database_in_use:
    '{where} está en uso por {holder}. Detenga primero ese servidor, o nombre otra base de datos en DATABASE_URL: dos servidores no comparten una.',
  database_not_accepting:
    '{where} no acepta esta conexión: «{words}». Compruebe DATABASE_URL, el usuario y que el servidor está en marcha.',
  database_statement_unanswered:
    '{where} no responde por ahora: una consulta no tuvo respuesta a tiempo. Compruebe que el servidor de la base de datos está en marcha y que se llega a él.',
  sealed_with_missing_key:
    'hay secretos sellados con una clave que falta (id {ids}): devuelva secret.key a {folder} o defina VIGIA_KEY, y vuelva a iniciar. Si se perdió para siempre: vigia new-key, y escriba los secretos de nuevo',
  key_too_short:
    '{name} es demasiado corta para una clave: escriba al menos {least} caracteres, por ejemplo lo que da "openssl rand -hex 32".',
  key_file_unread: 'no se puede leer {path}: {error}. Dé a este usuario permiso de lectura, o defina VIGIA_KEY.',
  key_file_malformed:
    '{path} no contiene una clave (64 dígitos hexadecimales). Recupérelo de su propia copia; sin ella, apártelo y escriba de nuevo los secretos de los canales.',
  key_file_not_made:
    'no se puede crear {path}: {error}. Dé a este usuario permiso de escritura en esa carpeta, o defina VIGIA_KEY.',
  backup_exists: '{path} ya existe. Indique una carpeta nueva para la copia.',
  backup_of_nothing: '{folder} no contiene {file}. Indique la carpeta de datos con --data.',
  backup_not_there: '{folder} no contiene una copia: {file} no está.',
  backup_damaged: '{file} está dañado: {words}',
  backup_copy_damaged: 'la copia de {file} está dañada: {words}',
  backup_disk_full: 'no se puede escribir {folder}: el disco está lleno. Libere espacio e inténtelo de nuevo.',
})
