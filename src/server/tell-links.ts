import type { Logger } from 'pino'
import { pushKey } from '#api/push.ts'
import type { ApiServer } from '#api/server.ts'
import { pushToken } from '#lib/push-token.ts'
import type { KnownMonitor } from '#pipeline/registry.ts'
import { probeTypes } from '#probes/index.ts'
import type { Storage } from '#storage/index.ts'

/** Tells the links that nobody could find: of passive monitors, and the one that creates the first user. */
export const tellLinks = async (
  { address, setUpUrl }: Pick<ApiServer, 'address' | 'setUpUrl'>,
  monitors: readonly KnownMonitor[],
  storage: Storage,
  log: Pick<Logger, 'info'>,
): Promise<void> => {
  const passive = monitors.filter(({ monitor }) => probeTypes.get(monitor.type)?.judge)
  const key = passive.length > 0 ? await pushKey(storage) : ''
  for (const { monitor } of passive)
    log.info(`push URL of ${monitor.name}: ${address}/push/${pushToken(key, monitor.id)}`)
  const firstUser = await setUpUrl(address)
  if (firstUser) log.info(`there is no user yet; create the first one here: ${firstUser}`)
}
