import type { ConnRecord } from '#core/event/zeek-record.ts'

/** A mark for each port: every connection is asked. */
const portSet = (ports: readonly number[]): Uint8Array => {
  const marks = new Uint8Array(1 << 16)
  for (const port of ports) marks[port] = 1
  return marks
}

/** By UDP regular by nature: names, addresses, time, discovery, tunnels and calls that are kept open. */
const UDP = portSet([
  53, 67, 68, 123, 137, 138, 161, 162, 500, 514, 853, 1900, 3478, 3479, 3480, 3481, 3702, 4500, 5351, 5353, 5355, 19302,
  19303, 19304, 19305, 19306, 19307, 19308, 19309, 41_641, 51_820,
])
/** By TCP: names over TLS, and syslog. Anything else that calls by TCP on a port of those has a reason of its own. */
const TCP = portSet([514, 853])

/** Resolvers for everybody, who are asked by their address: there is no name to know them by. */
const RESOLVERS = new Set(
  `
  8.8.8.8 8.8.4.4 2001:4860:4860::8888 2001:4860:4860::8844 1.1.1.1 1.0.0.1 1.1.1.2 1.0.0.2 1.1.1.3 1.0.0.3
  2606:4700:4700::1111 2606:4700:4700::1001 9.9.9.9 149.112.112.112 9.9.9.10 9.9.9.11 2620:fe::fe 2620:fe::9
  208.67.222.222 208.67.220.220 94.140.14.14 94.140.15.15 185.228.168.9 185.228.169.9 76.76.2.0 76.76.10.0
  77.88.8.8 77.88.8.1 223.5.5.5 223.6.6.6 119.29.29.29 180.76.76.76 45.90.28.0 45.90.30.0 194.242.2.2
  `
    .split(/\s+/)
    .filter((ip) => ip !== ''),
)

/** True for names that are asked for at a well-known resolver. */
export const isKnownResolver = (serverIp: string, serverPort: number): boolean =>
  (serverPort === 443 || serverPort === 53) && RESOLVERS.has(serverIp)

/** True for a connection to a service that ordinary machines call in a rhythm. */
export const isRegularService = ({ proto, service, serverPort }: ConnRecord): boolean => {
  if ((proto === 'udp' ? UDP : TCP)[serverPort] === 1) return true
  // Zeek saw that it was DNS; beacons that only borrow its port are none.
  return serverPort === 53 && service === 'dns'
}
