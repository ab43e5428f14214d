import type { WasDown } from '../import-plan.ts'
import type { Source } from '../source.ts'

interface Status extends Omit<WasDown, 'monitor'> {
  /** The host, or host and service with `!` between them. */
  readonly key: string
}

/** States in which a host, and a service, is down. */
const DOWN = { hoststatus: '1', servicestatus: '2' } as const

/** Who is down by `status.dat`, for good and not for a first look: one that was never looked at looks like one that is up. */
export const nagiosStatus = (source: Source): readonly Status[] => {
  const file = source.files.find(({ name }) => /(?:^|\/)status\.dat$/.test(name))
  if (!file) return []
  const found: Status[] = []
  let open: { kind: keyof typeof DOWN; line: number; values: Map<string, string> } | undefined
  for (const [index, written] of file.text().split('\n').entries()) {
    const line = written.trim()
    const begins = /^(hoststatus|servicestatus)\s*\{$/.exec(line)
    if (begins) open = { kind: begins[1] as keyof typeof DOWN, line: index + 1, values: new Map() }
    else if (line === '}' && open) {
      const { kind, line: at, values } = open
      open = undefined
      const hard = values.get('state_type') === '1' && values.get('has_been_checked') === '1'
      if (!hard || values.get('current_state') !== DOWN[kind]) continue
      const service = values.get('service_description')
      const seconds = Number(values.get('last_hard_state_change') ?? 0) || Number(values.get('last_state_change') ?? 0)
      // 0 is no time: nobody knows.
      const since = seconds > 0 ? seconds * 1000 : null
      const told = Number(values.get('last_notification') ?? 0)
      found.push({
        key: `${values.get('host_name') ?? ''}${service === undefined ? '' : `!${service}`}`,
        place: { file: file.name, line: at },
        since,
        toldAt: told > 0 ? told * 1000 : since,
      })
    } else if (open) {
      const at = line.indexOf('=')
      if (at > 0) open.values.set(line.slice(0, at), line.slice(at + 1))
    }
  }
  return found
}
