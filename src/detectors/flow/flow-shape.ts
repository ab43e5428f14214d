/**
 * What is read of one connection alone, as small whole numbers. Ports and states become classes here; no address, and no
 * port by its number, is ever seen by the model.
 */

/** 0 TCP, 1 UDP, 2 ICMP, 3 anything else. */
export const protocolClass = (proto: string): number =>
  proto === 'tcp' ? 0 : proto === 'udp' ? 1 : proto.startsWith('icmp') ? 2 : 3

export const OUTCOME = { answered: 0, silent: 1, refused: 2, reset: 3, midstream: 4 } as const

const OUTCOMES: Readonly<Record<string, number>> = {
  SF: OUTCOME.answered,
  S1: OUTCOME.answered,
  S2: OUTCOME.answered,
  S3: OUTCOME.answered,
  S0: OUTCOME.silent,
  SH: OUTCOME.silent,
  REJ: OUTCOME.refused,
  RSTOS0: OUTCOME.refused,
  RSTRH: OUTCOME.refused,
  SHR: OUTCOME.midstream,
  RSTO: OUTCOME.reset,
  RSTR: OUTCOME.reset,
  OTH: OUTCOME.midstream,
}

/** How a connection came out, by Zeek's state. */
export const outcomeClass = (state: string | undefined): number =>
  (state === undefined ? undefined : OUTCOMES[state]) ?? OUTCOME.midstream

/** It reached nobody: no answer, or a refusal. */
export const isFailed = (outcome: number): boolean => outcome === OUTCOME.silent || outcome === OUTCOME.refused

/** 0 nothing that Zeek recognised, 1 names, 2 the web, 3 another protocol. */
export const serviceClass = (service: string | undefined): number => {
  if (service === undefined || service === '') return 0
  if (service === 'dns') return 1
  return service.includes('http') || service.includes('ssl') || service.includes('quic') ? 2 : 3
}

export const PORT = { none: 0, web: 1, network: 2, mail: 3, login: 4, system: 5, registered: 6, high: 7 } as const

const CLASSES: readonly (readonly [number, readonly number[]])[] = [
  [PORT.web, [80, 443, 8080, 8443]],
  // Names, time, addresses, discovery, calls: what machines say to a network by themselves.
  [PORT.network, [53, 67, 68, 123, 137, 138, 161, 162, 500, 514, 546, 547, 853, 1900, 3478, 3702, 4500, 5353, 5355]],
  [PORT.mail, [25, 110, 143, 465, 587, 993, 995]],
  // Where machines are entered and files are shared.
  [PORT.login, [21, 22, 23, 135, 139, 445, 1433, 2222, 2323, 3306, 3389, 5432, 5555, 5900, 5985, 6379]],
]

const classOfPort = (() => {
  const classes = new Uint8Array(65_536).fill(PORT.high)
  classes.fill(PORT.registered, 1024, 32_768)
  classes.fill(PORT.system, 0, 1024)
  for (const [name, ports] of CLASSES) for (const port of ports) classes[port] = name
  return classes
})()

/** The class of the server's port; ICMP has none. */
export const portClass = (port: number, protocol: number): number =>
  protocol >= 2 ? PORT.none : (classOfPort[port] ?? PORT.high)

/** How many different letters a history has. */
export const historyFacts = (history: string | undefined): number => {
  if (history === undefined) return 0
  let letters = 0
  for (let index = 0; index < history.length; index++) letters |= 1 << (history.charCodeAt(index) & 31)
  let count = 0
  for (let left = letters; left !== 0; left &= left - 1) count++
  return count
}
