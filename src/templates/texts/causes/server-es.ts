import type { ServerCauses } from '#core/cause/server-causes.ts'
import { causeTexts } from './cause-texts.ts'

/** What the server tells of itself, in Spanish. */
export const serverEs = causeTexts<ServerCauses>()({
  no_witness_answers: 'no responde ninguno de sus testigos',
  some_witnesses_silent: 'no responden {failing} de {witnesses} testigos',
  witnesses_answer: 'sus testigos vuelven a responder',
  cut_off_no_more: 'este equipo ya no está aislado',
  probes_late: 'una de cada cien comprobaciones empieza más de {seconds} s tarde',
  probes_in_time: 'las comprobaciones empiezan a tiempo',
  names_fail: '{cause}; observados por su última dirección conocida: {by_last_known}, sin observar: {not_looked_at}',
  one_monitor: '1 monitor',
  monitors: '{count} monitores',
  table_unread: 'no se puede leer, y queda lo que había: {why}',
  table_row_gone: 'ya no está en la tabla {table}',
  table_lost_rows:
    'la tabla {table} perdió {lost} de {of} filas: nada cambia hasta que alguien la acepte, en la página o con vigia tables take, su nombre y --yes',
  table_taken: 'la tabla {table} vale tal como está',
  names_answered: 'el servidor DNS responde de nuevo',
  history_damaged:
    '{file} estaba dañado y se apartó como {aside}: los gráficos empiezan de nuevo; conviene revisar el disco o restaurar una copia',
  history_foreign: '{file} es de otra instalación y se apartó como {aside}: los gráficos empiezan de nuevo',
  results_damaged:
    '{batches} lotes de resultados de {file} están dañados y se dejaron fuera: conviene revisar el disco y guardar una copia',
  keys_missing: 'falta la clave que cifró los secretos (id {ids})',
  keys_found: 'todos los secretos se pueden abrir de nuevo',
})
