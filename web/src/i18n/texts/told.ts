import type { Missed } from '../../../../src/core/alert/missed.ts'
import type { Trouble } from '../../../../src/core/trouble.ts'
import { sentences } from '../sentences.ts'

// What the server tells by code; only the pages that show it load this.

const missed = sentences<Missed, 'stateWord'>()
const trouble = sentences<Trouble, 'why'>()

/** Why a rule did nothing about an event. */
export const MISSED = {
  en: missed({
    rule_disabled: 'the rule is disabled',
    rule_newer: 'the rule did not exist yet',
    no_episode: 'the end of an episode that had no open alert under this rule',
    conditions: 'not matched: {{condition}}',
    severity: 'not matched: severity {{severity}} is below {{needed}}',
    rule_changed: 'it matches now, but did not when the event came: the rule was changed since',
    nothing_to_end: 'no alert was open that this could have ended',
    no_own_channel:
      'no channel hears of the server itself: name some under witnesses.channels, or under defaults.channels',
    flapping:
      'recorded, and not told: it flaps since {{since}} ({{changes}} changes until then; now it is {{state}}); what is told next is its end: steady again after ten to fifteen quiet minutes, or down after five minutes without an answer',
    unknown_state: 'what is unknown neither opens an alert nor ends one',
    no_change: 'it changed no alert',
  }),
  es: missed({
    rule_disabled: 'la regla está deshabilitada',
    rule_newer: 'la regla todavía no existía',
    no_episode: 'el final de un episodio que no tenía una alerta abierta con esta regla',
    conditions: 'no coincide: hay condiciones que no se cumplen',
    severity: 'no coincide: la severidad {{severity}} es menor que {{needed}}',
    rule_changed: 'coincide ahora, pero no cuando llegó el evento: la regla cambió desde entonces',
    nothing_to_end: 'no había una alerta abierta que esto pudiera terminar',
    no_own_channel:
      'ningún canal se entera de lo que pasa con el servidor mismo: nombre algunos en witnesses.channels, o en defaults.channels',
    flapping:
      'registrado, y no se avisa: está intermitente desde {{since}} ({{changes}} cambios hasta entonces; ahora: {{stateWord}}); lo próximo que se avisa es su final: estable otra vez tras diez a quince minutos tranquilos, o caído tras cinco minutos sin respuesta',
    unknown_state: 'lo que está sin datos no abre una alerta ni la termina',
    no_change: 'no cambió ninguna alerta',
  }),
}

/** What keeps the server from its work. */
export const TROUBLES = {
  en: trouble({
    store_refuses: '{{reason}}',
    store_silent: 'the database does not answer: {{reason}}',
    store_away: '{{reason}}',
    results_unkept: 'results cannot be kept: {{reason}}',
    engine_silent: 'no results from the probe engine for {{seconds}} s',
    cut_off: '{{reason}}',
    probes_late: 'probes begin {{seconds}} s late',
    some_probes_late: 'one probe in a hundred begins more than {{seconds}} s late',
    notifications_wait: 'notifications have waited for {{minutes}} min',
  }),
  es: trouble({
    store_refuses: 'la base de datos no acepta escrituras: {{why}}',
    store_silent: 'la base de datos no responde: {{why}}',
    store_away:
      'no se puede escribir la base de datos: el disco está lleno. Se sigue mirando y avisando desde la memoria; libere espacio, y lo decidido se conserva',
    results_unkept: 'no se pueden guardar los resultados: {{reason}}',
    engine_silent: 'el motor de comprobaciones no da resultados desde hace {{seconds}} s',
    cut_off: 'ninguna interfaz de red de este equipo tiene enlace',
    probes_late: 'las comprobaciones empiezan {{seconds}} s tarde',
    some_probes_late: 'una de cada cien comprobaciones empieza más de {{seconds}} s tarde',
    notifications_wait: 'hay avisos que esperan desde hace {{minutes}} min',
  }),
}

/** What is wrong with the store, where the reason has a code; in English the reason itself says it. */
export const STORE_FAULTS: Readonly<Record<string, string>> = {
  full: 'su disco está lleno o informa un error',
  read_only: 'no se puede escribir en sus archivos',
  busy: 'otro proceso la tiene tomada',
  unreachable: 'no se puede llegar al servidor de la base de datos',
}
