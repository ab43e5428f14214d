import { peopleNumber } from '../format.ts'
import type { EventWords } from './event-words.ts'

const several = (count: number, one: string, many: string): string => (count === 1 ? one : many)

/** The subject of what is wrong with a port is `port 443`. */
const port = (subject: string) => subject.replace(/^port (?=\d+$)/, 'puerto ')

export const eventWordsEs: EventWords = {
  eventTitles: {
    port_scan: (subject) => `escaneo de puertos desde ${subject}`,
    dns_tunneling: (subject) => `túnel DNS desde ${subject}`,
    dga: (subject) => `nombres de dominio generados desde ${subject}`,
    beaconing: (subject) => `comunicación periódica desde ${subject}`,
    syn_flood: (subject) => `inundación SYN en el ${port(subject)}`,
    close_wait_leak: (subject) => `conexiones sin cerrar en el ${port(subject)}`,
    time_wait_exhaustion: (subject) => `puertos locales agotados hacia el ${port(subject)}`,
    listener_gone: (subject) => `nadie escucha en el ${port(subject)}`,
    accept_queue_overflow: (subject) => `cola de conexiones llena en el ${port(subject)}`,
    long_connection: (subject) => `conexión larga desde ${subject}`,
    strobe: (subject) => `ráfaga de conexiones desde ${subject}`,
    ssl_self_signed: (subject) => `certificado autofirmado ante ${subject}`,
    ssl_expired: (subject) => `certificado vencido ante ${subject}`,
    ssl_not_yet_valid: (subject) => `certificado aún no válido ante ${subject}`,
    zeek_notice: (subject) => `aviso de Zeek sobre ${subject}`,
    correlation: (subject) => `varias detecciones sobre ${subject}`,
    ids: (subject) => `intento de intrusión desde ${subject}`,
    ml_prediction: (subject) => `ataque previsto desde ${subject}`,
    crowdsec_decision: (subject) => `decisión de CrowdSec sobre ${subject}`,
    fail2ban_action: (subject) => `fail2ban sobre ${subject}`,
    fail2ban_ban: (subject) => `bloqueo de ${subject}`,
    manual_test: (subject) => `prueba manual de ${subject}`,
    channel_failed: (subject) => `el canal ${subject} falla`,
    vigia_blind: () => 'Vigía sin visibilidad',
    vigia_late: () => 'Vigía va con retraso',
    vigia_storage: () => 'archivos de Vigía por revisar',
    vigia_resolver: (subject) => `el DNS no responde: ${subject}`,
    vigia_table: (subject) => `la tabla ${subject} perdió filas`,
    summary: () => 'resumen diario',
  },
  endTitles: {
    channel_failed: (subject) => `el canal ${subject} funciona de nuevo`,
    vigia_blind: () => 'Vigía ve de nuevo',
    vigia_late: () => 'Vigía sin retraso',
    vigia_storage: () => 'archivos de Vigía en orden',
    vigia_resolver: (subject) => `DNS operativo: ${subject}`,
    vigia_table: (subject) => `la tabla ${subject} vale`,
  },
  eventSubject: port,
  often: (count, within, distinct) => {
    const what =
      distinct === undefined ? 'veces' : distinct === 'ip' ? 'direcciones' : `valores distintos de ${distinct}`
    return `${peopleNumber(count, 'es')} ${what} en ${within}`
  },
  banWave: 'ola de bloqueos',
  fields: {
    ip: 'Dirección',
    destination: 'Destino',
    domain: 'Dominio',
    server_name: 'Nombre del servidor',
    jail: 'Jail',
    expiry: 'Bloqueo hasta',
    seen: 'Visto',
    protocol: 'Protocolo',
    country: 'País',
    owner: 'Titular',
    generator_url: 'Origen',
  },
  day: {
    name: 'del día',
    open: (count) => `${peopleNumber(count, 'es')} ${several(count, 'alerta abierta', 'alertas abiertas')}`,
    openLine: (count, subjects) =>
      count === 0 ? 'No hay alertas abiertas.' : `Alertas abiertas: ${peopleNumber(count, 'es')} (${subjects}).`,
    monitors: ({ up, degraded, down, unknown }) =>
      `Monitores: ${peopleNumber(up, 'es')} ${several(up, 'operativo', 'operativos')}, ${peopleNumber(degraded, 'es')} ${several(degraded, 'degradado', 'degradados')}, ${peopleNumber(down, 'es')} ${several(down, 'caído', 'caídos')}, ${peopleNumber(unknown, 'es')} sin datos.`,
  },
}
