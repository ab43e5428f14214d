import { percentOf, windowText } from '#core/monitor/quality-facts.ts'
import { peopleNumber } from '../format.ts'
import { causeSentences } from './causes/index.ts'
import { eventWordsEs } from './event-words-es.ts'
import type { Texts } from './texts.ts'

const several = (count: number, one: string, many: string): string => (count === 1 ? one : many)

const notices = (count: number): string => `${peopleNumber(count, 'es')} ${several(count, 'aviso', 'avisos')}`

const monitors = (count: number): string => `${peopleNumber(count, 'es')} ${several(count, 'monitor', 'monitores')}`

const devices = (count: number): string => `${peopleNumber(count, 'es')} ${several(count, 'equipo', 'equipos')}`

const subscribed = (count: number | undefined): string =>
  count ? `, ${peopleNumber(count, 'es')} ${several(count, 'abonado', 'abonados')}` : ''

export const es: Texts = {
  severities: { LOW: 'BAJA', MEDIUM: 'MEDIA', HIGH: 'ALTA', CRITICAL: 'CRÍTICA' },
  down: 'CAÍDO',
  degraded: 'DEGRADADO',
  unknown: 'SIN DATOS',
  stillDown: 'SIGUE CAÍDO',
  stillDegraded: 'SIGUE DEGRADADO',
  recovered: 'RECUPERADO',
  ended: 'TERMINADO',
  endedBy: {
    changed: 'otro destino',
    removed: 'quitado',
    paused: 'en pausa',
    hand: 'cerrado a mano',
    time: 'sin novedades',
  },
  endedLine: {
    changed: (what, at) => `${what} tiene otro destino desde las ${at}; lo avisado antes ya no vale.`,
    removed: (what, at) => `${what} se quitó a las ${at} y ya no se vigila.`,
    paused: (what, at) => `${what} está en pausa desde las ${at} y no se comprueba.`,
    hand: (what, at) => `${what}: la alerta se cerró a mano a las ${at}.`,
    time: (what, at) => `${what}: la alerta terminó a las ${at} porque no hubo novedades; no se vio que respondiera.`,
  },
  notWatched: (duration) => `${duration} sin comprobar`,
  closedBy: (name) => `Cerrada a mano: ${name}`,
  late: {
    again: (at) => `otra vez con falla desde las ${at}`,
    over: (at) => `terminó a las ${at}`,
    ended: (at) => `alerta cerrada a las ${at}`,
  },
  lateSentence: {
    again: (at) => `Este aviso llega tarde: la falla volvió a las ${at}.`,
    over: (at) => `Este aviso llega tarde: terminó a las ${at}.`,
    ended: (at) => `Este aviso llega tarde: la alerta se cerró a las ${at}, lo que no quiere decir que todo esté bien.`,
  },
  firing: 'ALERTA',
  stillFiring: 'SIGUE ABIERTA',
  resolved: 'CERRADA',
  test: 'PRUEBA',
  summary: 'RESUMEN',
  oneMore: 'otra vez',
  wasDown: (duration) => `estuvo caído ${duration}`,
  wasDegraded: (duration) => `estuvo degradado ${duration}`,
  lasted: (duration) => `duró ${duration}`,
  notice: (number) => `aviso ${number}`,
  downSince: {
    silent: (what, since, ago) => `${what} no responde desde las ${since} (hace ${ago}).`,
    wrong: (what, since, ago, status) =>
      `${what} responde mal${status === undefined ? '' : ` (${status})`} desde las ${since} (hace ${ago}).`,
    overdue: (what, since, ago) => `${what} no da señal a tiempo desde las ${since} (hace ${ago}).`,
    reported: (what, since, ago) => `${what} informa de una falla desde las ${since} (hace ${ago}).`,
  },
  degradedSince: (what, since, ago) => `${what} está degradado desde las ${since} (hace ${ago}).`,
  eventSince: (what, since, ago) => `${what}, desde las ${since} (hace ${ago}).`,
  answersSince: (what, at) => `${what} responde desde las ${at}.`,
  callsSince: (what, at) => `${what} vuelve a dar señal desde las ${at}.`,
  fineSince: (what, at) => `${what} está bien desde las ${at}.`,
  downFromTo: (from, to, duration) => `Caído de ${from} a ${to} (${duration}).`,
  degradedFromTo: (from, to, duration) => `Degradado de ${from} a ${to} (${duration}).`,
  eventFromTo: (from, to, duration) => `Abierta de ${from} a ${to} (${duration}).`,
  reminderLine: (number, duration, how) =>
    `Recordatorio ${number}, ${{ down: 'caído', degraded: 'degradado', open: 'abierta' }[how]} desde hace ${duration}.`,
  notAcknowledged: 'Nadie lo ha atendido.',
  unattended: 'sin atender',
  acknowledged: (by, at, note, until) =>
    `Atendido por ${by} a las ${at}${note ? `, “${note}”` : ''}${until ? `, hasta las ${until}` : ''}.`,
  silenced: (by, until) => `En silencio hasta las ${until}: ${by}.`,
  isOver: 'Ya terminó.',
  isUnknown: 'Esa alerta no existe.',
  insteadOf: (channel) => `Llega por aquí porque no se pudo entregar por ${channel}.`,
  cause: 'Causa',
  hadBeen: 'Había sido',
  isNow: 'Ahora',
  attempts: (count) => `${peopleNumber(count, 'es')} ${several(count, 'intento', 'intentos')}`,
  lastHop: (hop, changed) => `Último salto que responde: ${hop}${changed ? '; no está en el camino habitual' : ''}.`,
  lastHopShort: (hop) => `último salto: ${hop}`,
  answersPing: 'El equipo sí responde al ping.',
  answersPingShort: 'el equipo responde al ping',
  place: 'Lugar',
  about: 'Qué es',
  labels: 'Etiquetas',
  guide: 'Guía',
  rule: 'Regla',
  nextNotice: (at, acknowledged) => `Próximo aviso: ${at}${acknowledged ? '' : ', si nadie lo atiende'}.`,
  byLink: (name) => `${name} (por enlace)`,
  view: 'Ver',
  acknowledge: 'Atender',
  silence: 'Silenciar 1 h',
  zone: (city, offset) => `(hora de ${city}, ${offset})`,
  delayed: (duration) => `Con ${duration} de demora`,
  testLine: 'Este es un mensaje de prueba de Vigía. No hay ninguna falla.',
  testMeaning: 'Si puede leerlo, el canal funciona.',
  testReads: 'Un aviso real diría:',
  digestSubject: ({ down, degraded, recovered, paused, ended, other, notices: told }) =>
    [
      down && `${down} ${several(down, 'caído', 'caídos')}`,
      degraded && `${degraded} ${several(degraded, 'degradado', 'degradados')}`,
      other && `${other} ${several(other, 'abierta', 'abiertas')}`,
      recovered && `${recovered} ${several(recovered, 'recuperado', 'recuperados')}`,
      paused && `${paused} en pausa`,
      ended && `${ended} ${several(ended, 'terminado', 'terminados')}`,
      told && notices(told),
    ].filter((part) => typeof part === 'string'),
  downNow: 'Ahora caídos',
  degradedNow: 'Ahora degradados',
  openNow: 'Ahora abiertas',
  recoveredSince: 'Recuperados',
  pausedNow: 'En pausa, antes con falla',
  endedSince: 'Terminados',
  held: {
    limit: (count) => `Retenidos por el límite del canal: ${notices(count)}. Perdidos: 0.`,
    group: (count) => `Agrupados: ${notices(count)}. Perdidos: 0.`,
    storm: (count) => `Muchos a la vez, en un solo mensaje: ${notices(count)}. Perdidos: 0.`,
    late: (count) => `No se pudieron entregar antes: ${notices(count)}. Perdidos: 0.`,
    quiet: (count) => `Retenidos en las horas de silencio: ${notices(count)}. Perdidos: 0.`,
    together: (count) => `Enviados juntos: ${notices(count)}. Perdidos: 0.`,
  },
  flapping: 'INTERMITENTE',
  stable: 'ESTABLE',
  flapped: (duration) => `intermitente durante ${duration}`,
  flapsSince: (what, changes, since, ago, down) =>
    `${what} sube y baja desde las ${since} (${changes} cambios en ${ago}); ahora está ${down ? 'caído' : 'operativo'}. Se avisará cuando esté estable.`,
  flapsShort: (changes, ago, down) =>
    `${peopleNumber(changes, 'es')} cambios en ${ago}, ahora ${down ? 'caído' : 'operativo'}`,
  stableSince: (what, at) => `${what} está operativo sin cortes desde las ${at}.`,
  flappedFromTo: (from, to, duration) => `Intermitente de ${from} a ${to} (${duration}).`,
  dependants: {
    cutOff: {
      subject: (count) => `${devices(count)} ${several(count, 'incomunicado', 'incomunicados')}`,
      short: (count) => `${peopleNumber(count, 'es')} ${several(count, 'incomunicado', 'incomunicados')}`,
      chat: (count, subscribers) => `${devices(count)}${subscribed(subscribers)}`,
      line: (count, { subscribers, link }) =>
        `Impacto: ${devices(count)} ${several(count, 'incomunicado', 'incomunicados')}${subscribed(subscribers)}. No se avisa uno por uno${link ? '; lista en el enlace' : ''}.`,
    },
    behind: {
      subject: (count) => `${devices(count)} detrás`,
      short: (count) => `${peopleNumber(count, 'es')} detrás`,
      chat: (count, subscribers) => `${devices(count)}${subscribed(subscribers)} detrás`,
      line: (count, { subscribers, silent }) =>
        `Detrás: ${devices(count)}${silent === undefined ? '' : `, ${peopleNumber(silent, 'es')} sin respuesta`}${subscribed(subscribers)}.`,
    },
  },
  backShort: (back, count) =>
    `${several(back, 'vuelve', 'vuelven')} ${peopleNumber(back, 'es')}/${peopleNumber(count, 'es')}`,
  back: (back, count) =>
    `${several(back, 'Vuelve', 'Vuelven')} ${peopleNumber(back, 'es')} de ${peopleNumber(count, 'es')} ${several(count, 'equipo', 'equipos')}.`,
  stillDownList: (names) => `Siguen caídos: ${names} (otro aviso si no vuelven en 5 min).`,
  ...eventWordsEs,
  sinceTime: (at) => `desde las ${at}`,
  sentences: causeSentences.es,
  language: 'es',
  target: (target) => target.replace(/^called every /, 'señal cada '),
  causes: {
    ok: '',
    timeout: 'sin respuesta a tiempo',
    refused: 'conexión rechazada',
    unreachable: 'equipo inalcanzable',
    dns_not_found: 'el nombre no tiene dirección',
    dns_failed: 'no se pudo resolver el nombre',
    reset: 'el otro lado cerró la conexión',
    tls_invalid: 'el certificado TLS no se puede verificar',
    tls_expired: 'el certificado TLS está vencido',
    tls_expiring: 'el certificado TLS vence pronto',
    tls_name_mismatch: 'el certificado TLS es de otro nombre',
    tls_handshake: 'falló la negociación TLS',
    status_mismatch: 'estado HTTP inesperado',
    keyword_missing: 'falta el texto esperado',
    keyword_present: 'aparece un texto que no debe estar',
    json_mismatch: 'un valor de la respuesta no es el esperado',
    answer_mismatch: 'la respuesta DNS no es la esperada',
    too_many_redirects: 'demasiadas redirecciones',
    protocol_error: 'la respuesta no sigue el protocolo',
    body_too_large: 'la respuesta es demasiado grande',
    push_missing: 'no llegó la señal esperada',
    push_reported_down: 'quien llama informa de una falla',
    packet_loss: 'se pierden paquetes',
    time_exceeded: 'los paquetes dan vueltas o van demasiado lejos',
    no_route: 'no hay ruta a esa red',
    bad_address: 'esa dirección no se puede comprobar',
    no_permission: 'Vigía no tiene permiso para comprobar así en este equipo',
    no_descriptors: 'Vigía agotó sus archivos abiertos',
    local_loss: 'el propio equipo de Vigía perdió paquetes',
    local_network_down: 'la red del propio equipo de Vigía está caída',
    not_running: 'Vigía no estaba en marcha',
    late: 'Vigía comprobó demasiado tarde',
    internal: 'error interno de Vigía',
    witnesses_down: 'la conexión propia de Vigía está caída',
    slow: 'responde con lentitud',
    jitter: 'el tiempo de respuesta varía',
    resolver_silent: 'el servidor DNS no responde',
    key_missing: 'falta la clave de sus secretos',
  },
  quality: ({ code, loss, rtt_p95, jitter, packets_sent: sent, packets_lost: lost, over_ms }) => {
    const over = windowText(over_ms)
    const count = (number: number) => peopleNumber(number, 'es')
    if (code === 'packet_loss')
      return `${count(percentOf(loss))} % de pérdida en ${over} (${count(lost)} de ${count(sent)} paquetes)`
    const answers = `${count(sent - lost)} respuestas`
    if (code === 'slow')
      return `95 de cada 100 respuestas en ${count(rtt_p95 ?? 0)} ms o menos, en ${over} (${answers})`
    return `jitter de ${count(jitter ?? 0)} ms en ${over} (${answers})`
  },
  blind: {
    lasted: (duration) => `${duration} sin visibilidad`,
    since: (since, ago, why) => `Vigía no ve la red desde las ${since} (hace ${ago}): ${why}.`,
    witnesses: (failing, all) =>
      failing < all
        ? `no ${several(failing, 'responde', 'responden')} ${failing} de ${all} testigos`
        : 'no responde ningún testigo',
    meaning:
      'Su salida a Internet está caída. Lo que caiga mientras tanto cuenta como sin datos, no como caído, y no se avisa; lo que esté realmente caído se avisa cuando vuelva a ver.',
    seesSince: (at) => `Vigía ve la red de nuevo desde las ${at}.`,
    fromTo: (from, to, duration) => `Sin visibilidad de ${from} a ${to} (${duration}).`,
    notAnswering: (names, cutOff) =>
      `No responden ahora: ${names}${cutOff > 0 ? `, y ${peopleNumber(cutOff, 'es')} detrás` : ''}. Lo que siga caído sin haberse avisado tendrá su propio aviso.`,
    allAnswer: 'No hay ningún monitor caído ahora.',
  },
  resolver: {
    lasted: (duration) => `${duration} sin DNS`,
    since: (servers, how, since, ago) =>
      how === undefined
        ? `El servidor DNS ${servers} no responde desde las ${since} (hace ${ago}).`
        : `El servidor DNS ${servers} no resuelve ningún nombre desde las ${since} (hace ${ago}): ${how}.`,
    meaning: (known, unknown) =>
      [
        known > 0 &&
          `${several(known, 'Se comprueba', 'Se comprueban')} ${monitors(known)} por la última dirección conocida de su nombre.`,
        unknown > 0
          ? `No se ${several(unknown, 'puede', 'pueden')} comprobar ${monitors(unknown)}: sin datos, no ${several(unknown, 'caído', 'caídos')}, y sin aviso uno por uno.`
          : 'Los demás monitores se comprueban como siempre.',
      ]
        .filter(Boolean)
        .join(' '),
    answersSince: (servers, at) => `El servidor DNS ${servers} responde de nuevo desde las ${at}.`,
    fromTo: (from, to, duration) => `No respondió de ${from} a ${to} (${duration}).`,
  },
  footer: 'Enviado por Vigía',
}
