import type { BanCauses } from '#core/cause/ban-causes.ts'
import { causeTexts } from './cause-texts.ts'

/** Why a ban is not set or lifted, in Spanish. */
export const banEs = causeTexts<BanCauses>()({
  ban_address_malformed: 'ip debe ser una dirección IPv4 o IPv6, o una red como 203.0.113.0/28.',
  unban_address_malformed: 'ip debe ser una dirección IPv4 o IPv6, o una red.',
  ban_too_wide: '{ip} es demasiado amplia: indique una red de al menos /{prefix}.',
  ban_too_wide_behind:
    '{ip} es demasiado amplia: indique una red de al menos /{prefix} de las direcciones IPv4 que representa.',
  ban_of_no_sender: '{ip} es, o contiene, una dirección desde la que nadie envía (multidifusión, reservada).',
  ban_of_the_allowed:
    '{ip} es, o contiene, una dirección que nunca se bloquea: la de esta máquina, o una de la lista de los administradores.',
  ban_of_who_asks: '{ip} es, o contiene, la dirección desde la que usted lo pide ({from}).',
  ban_minutes: 'minutes debe ser de {least} a {most}.',
  not_banned: '{ip} no está bloqueada en la jail {jail}',

  fail2ban_not_configured: 'No hay ningún fail2ban configurado: indique uno en sources.fail2ban.',
  fail2ban_not_named: 'No hay un fail2ban llamado {name}.',
  fail2ban_program_missing:
    'No existe el programa {program}. Instale fail2ban, o indique su cliente con sources.fail2ban.client.',
  fail2ban_program_forbidden:
    'No se permite ejecutar {program}. Permita que este usuario ejecute el cliente, por ejemplo con sources.fail2ban.client: [sudo, -n, fail2ban-client].',
  fail2ban_unanswered: '{program} no respondió a tiempo.',
  fail2ban_refused: 'fail2ban lo rechazó: {words}',
  fail2ban_not_running: 'fail2ban lo rechazó: {words} Inícielo, por ejemplo con: systemctl start fail2ban.',
  fail2ban_not_permitted:
    'fail2ban lo rechazó: {words} Permita que este usuario ejecute el cliente, por ejemplo con sources.fail2ban.client: [sudo, -n, fail2ban-client].',
  fail2ban_answered: 'fail2ban respondió {words}.',
  fail2ban_answered_no_list: 'fail2ban respondió algo que no es una lista.',
  fail2ban_jail_unknown: 'Eso no es el nombre de una jail.',
  fail2ban_address_unknown: 'Eso no es una dirección.',
  fail2ban_database_missing: '{path} no existe. Indique el dbfile de fail2ban en sources.fail2ban.database.',
  fail2ban_database_unread: '{path} no se puede leer como base de datos de fail2ban: {error}.',
  fail2ban_list_not_kept: 'no se pudo incorporar su lista: {error}',
  of_fail2ban: 'fail2ban {name}: {why}',

  ban_helper_missing: 'El auxiliar de bloqueos en {path}: no lo hay. Instálelo con: vigia service install --bans.',
  ban_helper_forbidden:
    'El auxiliar de bloqueos en {path}: este usuario no puede consultarlo. Su socket pertenece al grupo del servicio.',
  ban_helper_not_running:
    'El auxiliar de bloqueos en {path}: nadie escucha ahí. Inícielo con: systemctl start vigia-bans.socket.',
  ban_helper_failed: 'El auxiliar de bloqueos en {path}: {error}.',
  ban_helper_unanswered: 'El auxiliar en {path} no respondió a tiempo.',
  ban_helper_answered_too_much: 'El auxiliar en {path} respondió más de lo que nadie bloquea.',
  ban_helper_answered_nothing: 'El auxiliar en {path} no respondió nada que sea una respuesta.',
  ban_question_too_long: 'La pregunta es demasiado larga.',
  ban_question_not_json: 'La pregunta no es JSON.',
  ban_question_unknown: 'Esa no es una pregunta de las nuestras.',
})
