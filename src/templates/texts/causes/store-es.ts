import type { StoreCauses } from '#core/cause/store-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const storeEs = causeTexts<StoreCauses>()({
  store_held:
    'otro proceso tiene tomado {path} y no lo suelta. Detenga lo que trabaja con ese archivo; lo que se decidió espera.',
  store_not_now: 'por el momento no se puede escribir {path}; lo que se decidió espera.',
  store_no_memory: 'por el momento no se puede escribir {path}: falta memoria; lo que se decidió espera.',
  store_no_permission: 'no se puede escribir {path}: este usuario no tiene permiso. Dele permiso de escritura.',
  store_read_only:
    'no se puede escribir {path}: el archivo o su carpeta es de solo lectura. Dé a este usuario permiso de escritura, o elija otra carpeta con --data.',
  store_disk_error:
    'no se puede escribir {path}: el disco informa un error o está lleno. Libere espacio; nada de lo confirmado se pierde.',
  store_disk_error_saying:
    'no se puede escribir {path}: el disco informa un error o está lleno ({error}). Revise el disco y libere espacio; nada de lo confirmado se pierde.',
  store_disk_full: '{path} no puede crecer: el disco está lleno. Libere espacio; nada de lo confirmado se pierde.',
  store_file_too_large: '{path} no puede crecer: su sistema de archivos no admite un archivo más grande.',
  store_damaged: '{path} está dañado. Apártelo y restaure la última copia: vigia restore CARPETA.',
  store_no_database:
    '{path} no es una base de datos SQLite. Apártelo y restaure la última copia: vigia restore CARPETA.',
  store_not_opened:
    'no se puede abrir {path}. Compruebe que su carpeta existe y que este usuario puede escribir en ella, o elija otra con --data.',
  store_written_anew: '{path} espera a que se escriba de nuevo después de un error del disco.',
  store_log_read: 'alguien está leyendo {path}; su registro todavía no se puede empezar de nuevo.',
  store_too_much_waits: 'ya esperan demasiadas cosas a que la base de datos las acepte',
  store_in_memory:
    'no se puede escribir {path}: el disco está lleno. Se sigue comprobando y avisando desde la memoria; libere espacio, y lo que se decidió se conserva',
  database_unanswered:
    '{where} no responde por ahora: «{words}». Compruebe que el servidor de la base de datos está en marcha y que se llega a él.',
  database_takes_no_writes:
    '{where} no acepta escrituras: «{words}». Nombre en DATABASE_URL el servidor que sí las acepta, o permítalas en este.',
  database_full: '{where} no puede escribir: «{words}». Libere espacio en el servidor de la base de datos.',
  store_unanswered_for: 'la base de datos no responde por ahora: {reason}',
  store_unanswered: 'la base de datos no responde por ahora',
  disk_full_or_failing: 'su disco está lleno o informa un error',
  files_not_writable: 'no se puede escribir en sus archivos',
  held_by_something_else: 'otro proceso la tiene tomada',
  database_server_unreachable: 'no se puede llegar al servidor de la base de datos',
  history_stopped: 'El historial se detuvo. Intente de nuevo en un momento.',
  history_started_again: 'El historial se está iniciando de nuevo. Intente de nuevo en un momento.',
  history_died: 'el historial se detuvo ({error}); se inicia de nuevo',
})
