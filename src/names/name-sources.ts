/** What a source came to, as nsswitch.conf(5) calls it. */
export type SourceStatus = 'success' | 'notfound' | 'unavail' | 'tryagain'

/** One source of names, and after which outcomes nobody else is asked. */
export interface NameSource {
  readonly name: string
  readonly ends: ReadonlySet<SourceStatus>
}

const STATUSES: readonly SourceStatus[] = ['success', 'notfound', 'unavail', 'tryagain']
const USUAL_END: ReadonlySet<SourceStatus> = new Set(['success'])

/** Where the file does not say: hosts file, then DNS. */
export const USUAL_SOURCES: readonly NameSource[] = ['files', 'dns'].map((name) => ({ name, ends: USUAL_END }))

/** `!UNAVAIL=return` and the like. `merge` puts answers of two sources together: left to the system. */
const applyAction = (ends: Set<SourceStatus>, action: string): boolean => {
  const [, not, status, what] = /^(!?)(\w+)=(\w+)$/.exec(action.toLowerCase()) ?? []
  if (what !== 'return' && what !== 'continue') return false
  for (const one of STATUSES) {
    if ((one === status) === (not === '!')) continue
    if (what === 'return') ends.add(one)
    else ends.delete(one)
  }
  return true
}

/** A source of another name, which only the system itself can ask. */
const SYSTEM_ONLY = 'merge'

const withActions = ({ name, ends }: NameSource, actions: string): NameSource => {
  const changed = new Set(ends)
  const known = actions
    .trim()
    .split(/\s+/)
    .every((action) => applyAction(changed, action))
  return { name: known ? name : SYSTEM_ONLY, ends: changed }
}

/** The sources for names of hosts by the text of nsswitch.conf; undefined: there is no such file. */
export const readNameSources = (text: string | undefined): readonly NameSource[] => {
  const [, list] = /^\s*hosts:([^#\n]*)/m.exec(text ?? '') ?? []
  const sources: NameSource[] = []
  for (const [, actions, name] of (list ?? '').matchAll(/\[([^\]]*)\]|([^\s[]+)/g)) {
    const before = sources.pop()
    if (name !== undefined) {
      if (before) sources.push(before)
      sources.push({ name: name.toLowerCase(), ends: USUAL_END })
    } else if (before) sources.push(withActions(before, actions!))
  }
  return sources.length > 0 ? sources : USUAL_SOURCES
}

const isLocal = (host: string): boolean => host.endsWith('.local')

/** Sources that answer for a few names only: what they say of others is known without asking. */
const CONCERNED: Readonly<Record<string, (host: string, hostName: string) => boolean>> = {
  mdns_minimal: isLocal,
  mdns4_minimal: isLocal,
  mdns6_minimal: isLocal,
  myhostname: (host, hostName) =>
    host === hostName.toLowerCase() || host === '_gateway' || host === '_outbound' || /(^|\.)localhost$/.test(host),
}

/** How a source is asked for one name: by ourselves, by the system, or not at all, since it knows of other names only. */
export const askedBy = (
  { name }: NameSource,
  host: string,
  hostName: string,
): 'files' | 'dns' | 'system' | 'nobody' => {
  if (name === 'files' || name === 'dns') return name
  const concerned = CONCERNED[name]
  return !concerned || concerned(host, hostName) ? 'system' : 'nobody'
}

/** What a source that was not asked would have said. */
export const statusUnasked = ({ name }: NameSource): SourceStatus => (name === 'myhostname' ? 'notfound' : 'unavail')
