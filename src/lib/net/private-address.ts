const ONE = 49
const UPPER_F = 70
const LOWER_F = 102

const inSecond = (ip: string, from: number, low: number, high: number): boolean => {
  const second = Number.parseInt(ip.slice(from), 10)
  return second >= low && second <= high
}

/**
 * True for private addresses: RFC 1918, shared (RFC 6598), link-local and unique local ones. Asked of both ends of every
 * connection, so it looks at the text alone.
 */
export const isPrivate = (ip: string): boolean => {
  const first = ip.charCodeAt(0)
  // Nothing else begins with 1, or with f: nearly all others are sorted out by that.
  if (first === ONE) {
    if (ip.startsWith('10.') || ip.startsWith('192.168.') || ip.startsWith('169.254.')) return true
    if (ip.startsWith('172.')) return inSecond(ip, 4, 16, 31)
    return ip.startsWith('100.') && inSecond(ip, 4, 64, 127)
  }
  return (first === LOWER_F || first === UPPER_F) && ip.includes(':') && /^(?:f[cd]|fe[89ab])/i.test(ip)
}
