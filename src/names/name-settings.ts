import { readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { type HostsFile, readHostsFile } from './hosts-file.ts'
import { type NameSource, readNameSources, USUAL_SOURCES } from './name-sources.ts'
import { type ResolvConf, type ResolverEnvironment, readResolvConf } from './resolv-conf.ts'

/** Where the settings of this machine stand. */
export interface NameFiles {
  readonly resolvConf: string
  readonly hosts: string
  readonly nsswitch: string
}

export const SYSTEM_FILES: NameFiles = {
  resolvConf: '/etc/resolv.conf',
  hosts: '/etc/hosts',
  nsswitch: '/etc/nsswitch.conf',
}

/** How this machine looks names up. */
export interface NameSettings {
  readonly sources: readonly NameSource[]
  readonly hosts: HostsFile
  readonly resolver: ResolvConf
  readonly hostName: string
}

/** Files are looked at again no sooner. */
const FRESH_MS = 1000
const LARGEST = 16 * 1024 * 1024

interface Kept<T> {
  readonly mark: string
  readonly value: T
}

/** Tells whether a file is another one than before, without reading it; '' where there is none. */
const markOf = (path: string): string => {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path)
    return size > LARGEST ? '' : `${ino} ${size} ${mtimeMs} ${ctimeMs}`
  } catch {
    return ''
  }
}

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** A file that is read anew when it has changed. */
const watched = <T>(path: string, read: (text: string | undefined) => T) => {
  let kept: Kept<T> | undefined
  return (): T => {
    const mark = markOf(path)
    if (kept?.mark !== mark) kept = { mark, value: read(mark === '' ? undefined : textOf(path)) }
    return kept.value
  }
}

const ofSystem = (): readonly NameSource[] => [{ ...USUAL_SOURCES[0]!, name: `the resolver of ${process.platform}` }]

export interface NameSettingsOptions {
  readonly monotonic: () => number
  readonly files?: NameFiles | undefined
  readonly environment?: ResolverEnvironment | undefined
}

/**
 * The settings as they are at present: a change of a file holds within a second. The object is the same as long as nothing
 * has changed. Systems other than Linux have ways of their own: there the system is asked.
 */
export const createNameSettings = ({ monotonic, files, environment = process.env }: NameSettingsOptions) => {
  const own = process.platform === 'linux' || files !== undefined
  const paths = files ?? SYSTEM_FILES
  const sources = watched(paths.nsswitch, own ? readNameSources : ofSystem)
  const hosts = watched(paths.hosts, (text) => readHostsFile(text ?? ''))
  const resolver = watched(paths.resolvConf, (text) => readResolvConf(text, hostname(), environment))
  let present: NameSettings | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  return (): NameSettings => {
    const now = monotonic()
    if (present && now - lookedAt < FRESH_MS) return present
    lookedAt = now
    const next = { sources: sources(), hosts: hosts(), resolver: resolver(), hostName: hostname() }
    const same = present?.sources === next.sources && present.hosts === next.hosts && present.resolver === next.resolver
    if (!same) present = next
    return present!
  }
}
