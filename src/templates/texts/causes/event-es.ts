import type { EventCauses } from '#core/cause/event-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const eventEs = causeTexts<EventCauses>()({
  scanned: '{ports} de {hosts}',
  one_port: '1 puerto',
  ports: '{count} puertos',
  one_host: '1 equipo',
  hosts: '{count} equipos',
  pinged: 'pings a {hosts}, casi ninguno respondió',
  asked_names: '{names} nombres distintos de {domain} en {queries} consultas',
  asked_names_of_no_domain: '{names} nombres distintos sin dominio en {queries} consultas',
  generated_names: 'consulta nombres que parecen inventados por un programa, como {domain}',
  connected_for: 'conectado a {server} durante {hours} h',
  connected_often: '{times} conexiones a {server} en un día',
  connected_regularly: 'una conexión a {server} cada {seconds} s, {times} hasta ahora',
  several_kinds: '{count} tipos de detección en una hora',
  predicted: '{attack}, con {percent} % de certeza',
  banned_by_jail: 'jail {jail}, {failures} intentos fallidos, bloqueo de {duration}',
  banned_for_good: 'jail {jail}, {failures} intentos fallidos, bloqueo permanente',
  banned_by_hand: 'a mano, {by}, jail {jail}',
  banned_by_hand_saying: 'a mano, {by}, jail {jail}: {words}',
  half_open_connections: '{value} conexiones a medio abrir, límite {limit}',
  connections_not_closed: '{value} conexiones que el programa no cierra, límite {limit}',
  local_ports_waiting: '{value} puertos locales en uso, límite {limit}',
  listener_is_gone: 'ningún programa acepta ya conexiones allí',
  connections_wait: '{value} conexiones esperan ser aceptadas, lugar para {limit}',
})
