import type { EventCauses } from '#core/cause/event-causes.ts'
import { causeTexts } from './cause-texts.ts'

export const eventEn = causeTexts<EventCauses>()({
  scanned: '{ports} of {hosts}',
  one_port: '1 port',
  ports: '{count} ports',
  one_host: '1 host',
  hosts: '{count} hosts',
  pinged: 'pings to {hosts}, of which hardly any answered',
  asked_names: '{names} different names below {domain} in {queries} queries',
  asked_names_of_no_domain: '{names} different names of no domain in {queries} queries',
  generated_names: 'it looks up names that a program seems to have made up, such as {domain}',
  connected_for: 'connected to {server} for {hours} h',
  connected_often: '{times} connections to {server} within a day',
  connected_regularly: 'a connection to {server} every {seconds} s, {times} so far',
  several_kinds: '{count} kinds of finding within an hour',
  predicted: '{attack}, {percent} % sure',
  banned_by_jail: 'jail {jail}, {failures} failures, banned for {duration}',
  banned_for_good: 'jail {jail}, {failures} failures, banned for good',
  banned_by_hand: 'by hand, {by}, jail {jail}',
  banned_by_hand_saying: 'by hand, {by}, jail {jail}: {words}',
  half_open_connections: '{value} half-open connections, limit {limit}',
  connections_not_closed: '{value} connections that the program does not close, limit {limit}',
  local_ports_waiting: '{value} local ports in use, limit {limit}',
  listener_is_gone: 'no program accepts connections there any more',
  connections_wait: '{value} connections wait to be accepted, room for {limit}',
})
