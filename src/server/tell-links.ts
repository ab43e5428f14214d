import type { Logger } from 'pino'
import type { ApiServer } from '#api/server.ts'
import { pushPath } from '#lib/push-token.ts'
import type { KnownMonitor } from '#pipeline/decide/registry.ts'
import { probeTypes } from '#probes/index.ts'

/**
 * Tells the link that creates the first user, which nobody could find; of passive monitors where theirs are found. Those are
 * keys that stay: they stand in no log that is not asked for the smallest things.
 */
export const tellLinks = async (
  { address, setUpUrl }: Pick<ApiServer, 'address' | 'setUpUrl'>,
  monitors: readonly KnownMonitor[],
  pushKey: string | undefined,
  log: Pick<Logger, 'info' | 'debug'>,
): Promise<void> => {
  const passive = monitors.filter(({ monitor }) => probeTypes.get(monitor.type)?.judge)
  if (pushKey !== undefined && passive.length > 0) {
    log.info(`push monitors: ${passive.length}; vigia push-url shows where they are called`)
    for (const { monitor } of passive)
      log.debug(`push URL of ${monitor.name}: ${address}${pushPath(pushKey, monitor.id)}`)
  }
  const firstUser = await setUpUrl(address)
  if (firstUser) log.info({ link: firstUser }, 'there is no user yet; create the first one here:')
}
