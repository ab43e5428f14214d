import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CORE_ADDRESS,
  DEVICES_OF_POP,
  deviceAddress,
  POPS,
  popAddress,
  SUBSCRIBERS_OF_DEVICE,
  WITNESSES,
} from './network.ts'

/** What the provider's file says: the servers under drill read it as an operator wrote it. */

const CORE = 'core'
const two = (number: number): string => String(number).padStart(2, '0')
export const popName = (pop: number): string => `POP-${two(pop)}`
export const deviceName = (pop: number, device: number): string => `cpe-${two(pop)}-${two(device)}`

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
const devices = numbers(POPS).flatMap((pop) => numbers(DEVICES_OF_POP).map((device) => ({ pop, device })))

/** Names of the devices of a POP. */
export const devicesOf = (pop: number): string[] => numbers(DEVICES_OF_POP).map((device) => deviceName(pop, device))
/** Everything that is watched, witnesses aside. */
export const everything: readonly string[] = [CORE, ...numbers(POPS).map(popName), ...numbers(POPS).flatMap(devicesOf)]
/** Names that the server gives to the monitors of its witnesses. */
export const witnessNames: readonly string[] = WITNESSES.map((address) => `witness ${address}`)
/** Monitors of the whole file. */
export const MONITORS = everything.length + witnessNames.length

const POP_TABLE = ['name,host', ...numbers(POPS).map((pop) => `${popName(pop)},${popAddress(pop)}`)].join('\n')
const DEVICE_TABLE = [
  'name,host,site,subscribers',
  ...devices.map(({ pop, device }) =>
    [deviceName(pop, device), deviceAddress(pop, device), popName(pop), SUBSCRIBERS_OF_DEVICE].join(','),
  ),
].join('\n')

/** Waits that the judge needs to know, seconds. */
const GROUP_WAIT = 20
const INTERVALS = { core: 10, pop: 20, device: 60 } as const
const FAILURES = 3

/** Within this many seconds an outage must be told: interval x failures + group wait + 2 s. */
export const mostSecondsToTell = (name: string): number => {
  const kind = name === CORE ? 'core' : name.startsWith('POP-') ? 'pop' : 'device'
  return INTERVALS[kind] * FAILURES + GROUP_WAIT + 2
}

export interface Receivers {
  readonly mailPort: number
  readonly chatPort: number
}

/** Work that is planned, as the file says it. Times in ms. */
export interface PlannedWork {
  readonly site: string
  readonly from: number
  readonly until: number
}

const minute = (time: number): string => new Date(time).toISOString().slice(0, 16)

const fileText = (reader: string, { mailPort, chatPort }: Receivers, work: readonly PlannedWork[]): string => `
server: { url: "http://vigia.example", language: en, time_zone: UTC }
witnesses: { targets: [${WITNESSES.join(', ')}], blind_if: all, hold: 30s }
defaults: { reminder: 0, channels: [mail, chat] }
channels:
  - name: mail
    type: email
    urgent: CRITICAL
    group: { by: [site], wait: ${GROUP_WAIT}s }
    options: { to: ["${reader}@noc.example"], from: vigia@noc.example, smtp: { host: 127.0.0.1, port: ${mailPort}, security: none } }
  - name: chat
    type: telegram
    group: { by: [site], wait: ${GROUP_WAIT}s }
    urgent: CRITICAL
    options: { bot_token: "1:drill", chat_id: "@${reader}", api_url: "http://127.0.0.1:${chatPort}" }
profiles:
  core:   { type: icmp, interval: ${INTERVALS.core}s, timeout: 3s, failures: ${FAILURES}, severity: CRITICAL, labels: { site: core } }
  pop:    { type: icmp, interval: ${INTERVALS.pop}s, timeout: 3s, failures: ${FAILURES}, severity: CRITICAL, options: { packets: 10 }, degraded: { loss: ">= 5%", over: 5m, clear: { loss: "< 2%" } } }
  device: { type: icmp, interval: ${INTERVALS.device}s, timeout: 3s, failures: ${FAILURES}, severity: MEDIUM }
monitors:
  - { name: ${CORE}, use: core, options: { host: ${CORE_ADDRESS} } }
  - { from: pops.csv, use: pop, name: "{name}", options: { host: "{host}" }, parents: [${CORE}], labels: { site: "{name}" } }
  - { from: devices.csv, use: device, name: "{name}", options: { host: "{host}" }, parents: ["{site}"], labels: { site: "{site}", subscribers: "{subscribers}" } }
maintenance: [${work
  .map(
    ({ site, from, until }) =>
      `{ name: work at ${site}, match: { site: ${site} }, from: "${minute(from)}", until: "${minute(until)}" }`,
  )
  .join(', ')}]
`

/** Writes the file and its tables into a folder, or writes it anew; returns its path. */
export const writeConfiguration = (
  folder: string,
  reader: string,
  receivers: Receivers,
  work: readonly PlannedWork[] = [],
): string => {
  const path = join(folder, 'vigia.yaml')
  writeFileSync(join(folder, 'pops.csv'), POP_TABLE)
  writeFileSync(join(folder, 'devices.csv'), DEVICE_TABLE)
  writeFileSync(path, fileText(reader, receivers, work))
  return path
}
