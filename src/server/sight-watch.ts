import type { Logger } from 'pino'
import { because, type Cause } from '#core/cause/cause.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { SightPolicy } from '#core/monitor/sight.ts'
import type { Transition } from '#core/monitor/transition.ts'
import { hasFailedSince, type LatestGlance, type LatestLookup } from '#core/result/latest-results.ts'
import type { Network } from '#pipeline/decide/network.ts'
import { blindBefore, createSightGate, type Remains, type SightGate } from '#pipeline/decide/sight-gate.ts'
import { blindEvent, cutOffEvent, seesEvent } from '#pipeline/watch/blindness.ts'
import { createLinkAlarm, type LinkAlarm } from '#pipeline/watch/link-alarm.ts'
import { inEnglish } from '#templates/said.ts'
import type { Configuration } from './configuration.ts'

export interface SightWatchDeps {
  readonly configuration: Pick<Configuration, 'wanted' | 'registry'>
  readonly latest: LatestLookup & Pick<LatestGlance, 'codeOf'>
  readonly network: Pick<Network, 'state'>
  /** Since when the server was blind when it last ran, ms, while the end of that has not been told; null otherwise. */
  readonly blindSince: number | null
  readonly record: (transitions: readonly Transition[]) => void
  /** Tells of the server itself. */
  readonly tell: (event: NewEvent) => void
  readonly now: () => number
  readonly log: Pick<Logger, 'info' | 'error'>
}

/**
 * The sight gate for the witnesses that are in force. Without any, what the engine decides is recorded at once, and only
 * what cuts this machine off from everybody is told.
 */
export interface SightWatch extends Pick<SightGate, 'take' | 'results' | 'tick' | 'shift'> {
  /** Takes in what cuts this machine off at present; undefined: nothing. To be called each second. */
  link(reason: Cause | undefined): void
  /** The witnesses may be others now. */
  renew(): void
  /** Since when this machine reaches nobody, ms, while people have been told, and not that it does again; null otherwise. */
  blindSince(): number | null
  /** True while what the engine says of a monitor is kept back. */
  holds(monitorId: number): boolean
}

/** How often the latest results are counted: a look at all of them each second would be felt. */
const COUNT_EVERY = 10
const NO_DESCRIPTORS = because('too_many_open_files')

export const createSightWatch = (deps: SightWatchDeps): SightWatch => {
  const { configuration, latest, network, blindSince, record, tell, now, log } = deps
  const { registry } = configuration
  let policy: SightPolicy | undefined
  let gate: SightGate | undefined

  const failedSince = (id: number, since: number): boolean => hasFailedSince(latest.get(id), since)

  /** Monitors that were down before we were blind, and still do not answer; a witness alone tells nobody. */
  const stillDown = (at: number, witnesses: readonly number[]): number[] =>
    registry
      .monitors()
      .map(({ monitor }) => monitor.id)
      .filter((id) => !witnesses.includes(id) && network.state(id) === 'down' && failedSince(id, at))

  const policyNow = (): SightPolicy | undefined => {
    const { witnesses } = configuration.wanted() ?? {}
    if (!witnesses) return undefined
    const names = new Set(witnesses.monitors)
    const known = registry.monitors().filter(({ monitor }) => names.has(monitor.name))
    const { blindIf, holdMs } = witnesses
    return { witnesses: known.map(({ monitor }) => monitor.id), blindIf, holdMs }
  }

  const open = (policy: SightPolicy, left: Remains): SightGate => {
    const { witnesses } = policy
    return createSightGate(
      {
        policy,
        now,
        record,
        failedSince,
        onBlind: (since, failing) => {
          log.error({ since: new Date(since).toISOString() }, 'the witnesses do not answer: our own connection is down')
          tell(blindEvent(since, failing, witnesses.length, now()))
        },
        onSight: (since, at, fallen) => {
          log.info({ since: new Date(since).toISOString() }, 'our own connection is no longer taken for down')
          const down = [...new Set([...stillDown(at, witnesses), ...fallen])]
          tell(seesEvent(at, because('witnesses_answer'), down, registry, now()))
        },
      },
      left,
    )
  }

  /** Without witnesses what was kept back is believed. */
  const letGo = ({ waiting, hidden }: Remains) => {
    const kept = waiting.map(({ transition }) => transition)
    for (const transition of hidden.values()) kept.push({ ...transition, from: 'unknown' })
    if (kept.length > 0) record(kept)
  }

  const watchLinks = (blindSince: number | null): LinkAlarm =>
    createLinkAlarm({
      now,
      blindSince,
      onCut: (since, reason) => {
        log.error({ since: new Date(since).toISOString() }, inEnglish(reason))
        tell(cutOffEvent(since, reason, now()))
      },
      onLink: (since, at) => {
        log.info({ since: new Date(since).toISOString() }, 'this machine is no longer cut off')
        tell(seesEvent(at, because('cut_off_no_more'), stillDown(at, []), registry, now()))
      },
    })

  let links = watchLinks(blindSince)
  let calls = 0
  let exhausted = false

  /** True while most monitors could not be looked at for want of descriptors: nobody is down, and nobody is seen. */
  const lacksDescriptors = (): boolean => {
    if (calls++ % COUNT_EVERY > 0) return exhausted
    let [looked, lacking] = [0, 0]
    for (const { monitor } of registry.monitors()) {
      const code = latest.codeOf(monitor.id)
      if (code !== undefined) looked++
      if (code === 'no_descriptors') lacking++
    }
    exhausted = lacking * 2 > looked
    return exhausted
  }

  const take: SightWatch['take'] = (transitions) => (gate ? gate.take(transitions) : record(transitions))

  /** The same witnesses go on with what they have seen; others with what was kept back meanwhile. */
  const renew = () => {
    const next = policyNow()
    if (JSON.stringify(next) === JSON.stringify(policy)) return
    policy = next
    const left = gate?.remains() ?? blindBefore(links.blindSince())
    gate = next && open(next, left)
    if (gate) return
    links = watchLinks(left.blindSince)
    letGo(left)
  }
  renew()

  return {
    take,
    renew,
    link: (reason) => {
      const own = lacksDescriptors() ? NO_DESCRIPTORS : undefined
      if (!gate) links.note(reason ?? own)
    },
    results: (batch) => gate?.results(batch),
    tick: () => gate?.tick(),
    shift: (byMs) => {
      gate?.shift(byMs)
      links.shift(byMs)
    },
    blindSince: () => (gate ?? links).blindSince(),
    holds: (id) => gate?.holds(id) ?? false,
  }
}
