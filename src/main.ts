import { namedRecipients } from '#channels/email/mail-settings.ts'
import { createBus } from '#lib/run/bus.ts'
import { createTurns } from '#lib/run/turns.ts'
import { createNames } from '#names/names.ts'
import { createHeartbeat } from '#pipeline/watch/heartbeat.ts'
import { startClockwork } from './server/clockwork.ts'
import { createDeliveryNames } from './server/delivery-names.ts'
import { openFaces } from './server/faces.ts'
import { createFaults } from './server/faults.ts'
import type { Live } from './server/live-event.ts'
import type { Server, ServerOptions } from './server/options.ts'
import { keepOutputs } from './server/outputs/keep-outputs.ts'
import { openStoring } from './server/storing.ts'
import { systemsOf } from './server/systems.ts'
import { tellLinks } from './server/tell-links.ts'
import { startTelling } from './server/telling.ts'
import { createWatching } from './server/watching.ts'

export type { Server, ServerOptions } from './server/options.ts'

/**
 * The composition root. Each part is made from those before it; what holds something is closed in the reverse order, also
 * when a later part cannot start. Throws StorageError when the store cannot be used, and ListenError when the address
 * cannot be bound.
 */
export const startServer = async (options: ServerOptions): Promise<Server> => {
  await using parts = new AsyncDisposableStack()
  const { environment, nameFiles, dataDir, listen, wanted, log } = options
  const systems = systemsOf(options)
  const { clock, timers } = systems
  const startedAt = clock.now()
  const faults = createFaults(log)
  const live: Live = createBus()
  /** Rings when something new is in the outbox. */
  const outbox = createBus<[]>()
  const wake = outbox.publish
  /** Of looks by hand and on demand, and apart from them of deliveries: neither waits for the other. */
  const names = parts.adopt(createNames({ files: nameFiles, monotonic: clock.monotonic, timers }), ({ close }) =>
    close(),
  )
  const deliveryNames = parts.adopt(
    createDeliveryNames({ environment, nameFiles, dataDir, clock, timers }),
    ({ close }) => close(),
  )

  // What is stored and in force -> what becomes of an event -> what is looked at -> where people ask.
  const storing = parts.use(await openStoring({ options, systems, live, faults }))
  const telling = parts.use(
    await startTelling({ options, systems, storing, names, deliveryNames, live, outbox, faults }),
  )
  const watching = parts.use(
    await createWatching({ options, systems, storing, telling, deliveryNames, live, outbox, faults }),
  )
  const { api, schedules, tables } = parts.use(
    await openFaces({ options, systems, startedAt, storing, telling, watching, names, live, wake }),
  )

  const { store, configuration } = storing
  const { storage, persistence, alive } = store
  const { registry } = configuration
  const { deciding, observability, security, health, addresses, attending } = telling
  const { recording, sight, agreement } = watching

  // After the first thing that people can see, which does not wait for it.
  parts.use(await watching.start())
  if (listen) await observability.start()
  if (api) await tellLinks(api, registry.monitors(), store.pushKey, log)

  // What the clock does.
  parts.defer(
    startClockwork({
      looking: deciding.looking,
      escalation: configuration.escalation,
      duty: configuration.duty,
      timeZone: () => storing.place().timeZone,
      quiets: deciding.quiets,
      sight,
      recording,
      agreement,
      bans: security.bans,
      schedules,
      persistence,
      reconfigure: watching.reconfigure,
      alive,
      live,
      wake,
      clock,
      timers,
      faults,
    }),
  )
  const heartbeat = createHeartbeat({ timers, trouble: health.trouble, resolve: deliveryNames.resolve, log })
  parts.defer(heartbeat.stop)
  heartbeat.set(wanted?.heartbeat)
  const outputs = keepOutputs({
    storage,
    registry,
    live,
    timeZone: () => storing.place().timeZone,
    recipientsOf: ({ options: named }) => namedRecipients(named),
    clock,
    timers,
    log,
  })
  parts.defer(outputs.stop)
  await outputs.set(wanted?.outputs)
  // The first of all: what waits for a store that refuses waits no longer.
  parts.defer(store.endWaiting)

  const inTurn = createTurns()
  const running = parts.move()
  return {
    address: api?.address,
    storage,
    monitors: registry.monitors,
    reload: (next) =>
      inTurn(async () => {
        // What a file says waits for a store that refuses: nobody saves it once more.
        await persistence.write(async () => {
          await configuration.store(next)
          await configuration.takeOverRules()
          await configuration.takeOverDuty()
          await attending.quietsInForce()
          await watching.reconfigure()
        })
        addresses.set(next.security)
        await security.set(next)
        heartbeat.set(next.heartbeat)
        await outputs.set(next.outputs)
        await tables.set(next.polled)
        if (listen) await observability.reload(next)
      }),
    stop: () => running.disposeAsync(),
  }
}
