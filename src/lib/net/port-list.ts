export interface PortList {
  /** In the order of their first mention, each once. */
  readonly ports: readonly number[]
  /** One sentence for each item that is no port. */
  readonly problems: readonly string[]
}

const SHOWN = 40

/** Ports as people list them: `3000, 8080` or `3000 8080`. Empty items and repetitions do no harm; what is no port is named. */
export const parsePortList = (text: string): PortList => {
  const items = text.split(/[,\s]+/)
  const ports = new Set<number>()
  const problems: string[] = []
  for (const item of items) {
    if (item === '') continue
    const port = /^\d{1,6}$/.test(item) ? Number(item) : Number.NaN
    if (port >= 1 && port <= 65_535) ports.add(port)
    else problems.push(`"${item.slice(0, SHOWN)}" is not a port: write a number from 1 to 65535`)
  }
  return { ports: [...ports], problems }
}
