import type { Logger } from 'pino'
import type { ApiServer } from '#api/server.ts'
import { pushToken } from '#lib/push-token.ts'
import type { KnownMonitor } from '#pipeline/registry.ts'
import { probeTypes } from '#probes/index.ts'

/** Tells the links that nobody could find: of passive monitors, and the one that creates the first user. */
export const tellLinks = async (
  { address, setUpUrl }: Pick<ApiServer, 'address' | 'setUpUrl'>,
  monitors: readonly KnownMonitor[],
  pushKey: string | undefined,
  log: Pick<Logger, 'info'>,
): Promise<void> => {
  const passive = monitors.filter(({ monitor }) => probeTypes.get(monitor.type)?.judge)
  if (pushKey !== undefined)
    for (const { monitor } of passive)
      log.info(`push URL of ${monitor.name}: ${address}/push/${pushToken(pushKey, monitor.id)}`)
  const firstUser = await setUpUrl(address)
  if (firstUser) log.info(`there is no user yet; create the first one here: ${firstUser}`)
}
