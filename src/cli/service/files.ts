import { join } from 'node:path'
import { banServiceUnit, banSocketUnit } from './ban-units.ts'
import { type ServicePlace, serviceUnit } from './unit.ts'

/** A file of the service, with its path on the machine where it runs. */
export interface ServiceFile {
  readonly path: string
  readonly text: string
}

/** The first line of every file that is ours to replace and to remove. */
export const MARK =
  '# Written by: vigia service install. What is changed here by hand goes with the next install; drop-ins stay.'

const UNITS = '/etc/systemd/system'
/** The largest that the engine asks for, so that answers of thousands of hosts are not lost while it does something else. */
const RECEIVE_BUFFER = 16 * 1024 * 1024

export interface ServiceOptions extends ServicePlace {
  /** Whether the helper for bans is wanted. */
  readonly bans: boolean
}

export const sysusersEntry = ({ user, data }: Pick<ServicePlace, 'user' | 'data'>): string =>
  `u ${user} - "Vigia" ${data}\n`
export const receiveBufferSysctl = `net.core.rmem_max = ${RECEIVE_BUFFER}\n`

const marked = (path: string, text: string): ServiceFile => ({ path, text: `${MARK}\n${text}` })

/** All that belongs to the service of a machine, in the order in which it is to be written. */
export const serviceFiles = (options: ServiceOptions): readonly ServiceFile[] => [
  marked('/etc/sysusers.d/vigia.conf', sysusersEntry(options)),
  marked('/etc/sysctl.d/60-vigia.conf', receiveBufferSysctl),
  marked(join(UNITS, 'vigia.service'), serviceUnit(options)),
  ...(options.bans ? banFiles(options) : []),
]

const banFiles = ({ user, command }: ServiceOptions): readonly ServiceFile[] => [
  marked(join(UNITS, 'vigia-bans.socket'), banSocketUnit(user)),
  marked(join(UNITS, 'vigia-bans@.service'), banServiceUnit(command)),
]

/** Every path that an install may have written. */
export const SERVICE_PATHS: readonly string[] = serviceFiles({
  command: [],
  user: 'vigia',
  configuration: '/etc/vigia',
  data: '/var/lib/vigia',
  logGroups: [],
  bans: true,
}).map(({ path }) => path)
