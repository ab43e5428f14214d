const inSecond = (ip: string, from: number, low: number, high: number): boolean => {
  const second = Number.parseInt(ip.slice(from), 10)
  return second >= low && second <= high
}

/**
 * True for private addresses: RFC 1918, shared (RFC 6598), link-local and unique local ones. Asked of both ends of every
 * connection, so it looks at the text alone.
 */
export const isPrivate = (ip: string): boolean => {
  if (ip.includes(':')) return /^(?:f[cd]|fe[89ab])/i.test(ip)
  if (ip.startsWith('10.') || ip.startsWith('192.168.') || ip.startsWith('169.254.')) return true
  if (ip.startsWith('172.')) return inSecond(ip, 4, 16, 31)
  return ip.startsWith('100.') && inSecond(ip, 4, 64, 127)
}
