import { dirname, join, relative } from 'node:path'
import { channelTypes } from '#channels/index.ts'
import { because } from '#core/cause/cause.ts'
import { SourceError } from '#importers/import-plan.ts'
import { type ReadImport, type ReadPlan, readImport } from '#importers/index.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { openBeside } from '#storage/index.ts'
import { openSealer } from '#storage/open-sealer.ts'
import { importView, refusedView } from './import-view.ts'
import { readKnown } from './known.ts'
import { type Prepared, prepareImport, type SourcedPlan } from './prepare.ts'
import type { PlanCounts, ReaderAnswer, ReaderOrder } from './reader-order.ts'
import { type StagedHistory, stageHistory } from './staged-history.ts'

/** Things that cross to another thread at once. */
const SLICE = 100

type Say = (answer: ReaderAnswer) => void

const sourcedOf = (plans: readonly ReadPlan[], { source, given }: ReaderOrder): SourcedPlan[] =>
  plans.map(({ plan, path }) => ({ source: `${plan.kind}:${join(source, relative(given, path))}`, plan }))

const countsOf = ({ items, left, surplus, down }: Prepared, plans: readonly SourcedPlan[]): PlanCounts => {
  const of = (did: string) => items.filter((item) => item.did === did).length
  return {
    created: of('created'),
    changed: of('changed'),
    same: of('same'),
    left: left.length,
    surplus: surplus.length,
    down: down.length,
    history: plans.some(({ plan }) => plan.history !== undefined),
  }
}

/** What stands in the store, and how far its log of changes was at that moment. */
const readStore = async ({ store, environment }: ReaderOrder, plans: readonly SourcedPlan[]) => {
  const storage = await openBeside(store)
  try {
    const [newest] = await storage.audit.list({ limit: 1 })
    const { sealer } = await openSealer(storage, store.dataDir, environment, false)
    const sources = plans.map(({ source }) => source)
    const known = await readKnown(sources, storage, { probeTypes, channelTypes, sealer: () => sealer })
    return { known, seen: newest?.id ?? 0 }
  } finally {
    await storage.close()
  }
}

const refuse = ({ given }: ReaderOrder, say: Say, { refused }: Pick<Extract<ReadImport, { ok: false }>, 'refused'>) => {
  const { table } = refused.find((one) => one.table) ?? {}
  // Where it lies here is nothing that people know it by.
  const named = refused.map(({ place, why }) => ({ place: place.file === given ? { file: '' } : place, why }))
  say({ kind: 'refused', body: JSON.stringify({ ...refusedView(named), ...(table && { table }) }) })
  return undefined
}

const handOver = async (order: ReaderOrder, read: Extract<ReadImport, { ok: true }>, say: Say) => {
  const { environment, timeZone, prune, stage } = order
  const plans = sourcedOf(read.plans, order)
  const { known, seen } = await readStore(order, plans)
  const prepared = prepareImport(plans, known, { probeTypes, channelTypes, parseTarget, environment, timeZone })
  // The whole source is read before anything of it is offered to the store.
  const history = stage === undefined ? undefined : stageHistory(stage, prepared.history())
  const [{ plan: { table = undefined } = {} } = {}] = plans.filter(({ plan }) => plan.table)
  const tools = [...new Set(plans.map(({ plan }) => plan.tool))]
  const view = { tools, ...importView(prepared, false, prune), ...(table && { table }) }
  say({ kind: 'planned', body: JSON.stringify(view), counts: countsOf(prepared, plans) })
  if (!history) return undefined
  const { items, left, remarks, surplus, down, past } = prepared
  for (let at = 0; at < items.length; at += SLICE) say({ kind: 'items', items: items.slice(at, at + SLICE) })
  say({ kind: 'staged', rest: { left, remarks, surplus, down, past }, seen })
  return history
}

/**
 * Reads a source beside a running server, in a thread of its own: says what it would do, and where it is to be stored, hands
 * over its things in slices. Returns the history that goes with them.
 */
export const readAside = async (order: ReaderOrder, say: Say): Promise<StagedHistory | undefined> => {
  const { given, kind, timeZone, now, columns } = order
  const progress = (words: string) => say({ kind: 'progress', words })
  const read = readImport(given, kind, {
    timeZone,
    now,
    progress,
    scratch: dirname(given),
    ...(columns && { columns }),
    ...(order.each && { each: order.each }),
  })
  if (!read.ok) return refuse(order, say, read)
  try {
    return await handOver(order, read, say)
  } catch (error) {
    if (error instanceof SourceError) return refuse(order, say, { refused: [error] })
    if (error instanceof RangeError)
      return refuse(order, say, {
        refused: [{ place: { file: given }, why: because('import_bad_syntax', { why: error.message }) }],
      })
    throw error
  } finally {
    for (const { plan } of read.plans) plan.close?.()
  }
}
