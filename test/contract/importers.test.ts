import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { channelTypes } from '#channels/index.ts'
import { type ImportPlan, placeText, type ReadingContext } from '#importers/import-plan.ts'
import { importers, readImport } from '#importers/index.ts'
import { NOTHING_KNOWN } from '#operations/import/known.ts'
import { prepareImport } from '#operations/import/prepare.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { inEnglish } from '#templates/said.ts'
import { type ImportSample, writeSample } from '../fixtures/imports/sample.ts'
import { samples } from '../fixtures/imports/samples.ts'

const NOW = Date.UTC(2026, 10, 30, 12)
const context: ReadingContext = { timeZone: 'UTC', now: NOW }

const plansOf = (folder: string, kind?: string): readonly ImportPlan[] => {
  const read = readImport(folder, kind, context)
  assert.ok(
    read.ok,
    read.ok ? '' : read.refused.map(({ place, why }) => `${placeText(place)}: ${inEnglish(why)}`).join(),
  )
  return read.plans.map(({ plan }) => plan)
}

const closeAll = (plans: readonly ImportPlan[]) => {
  for (const { close } of plans) close?.()
}

const prepared = (plans: readonly ImportPlan[]) =>
  prepareImport(
    plans.map((plan, index) => ({ source: `${plan.kind}:${index}`, plan })),
    NOTHING_KNOWN,
    { probeTypes, channelTypes, parseTarget, environment: {}, timeZone: 'UTC' },
  )

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .toSorted()

/** Names, contents and times of all files. */
const stateOf = (folder: string): string =>
  filesIn(folder)
    .map((name) => {
      const path = join(folder, name)
      return `${name} ${createHash('sha256').update(readFileSync(path)).digest('hex')} ${statSync(path).mtimeMs}`
    })
    .join('\n')

const inFolder = async (sample: ImportSample, work: (folder: string) => void) => {
  const { folder, remove } = writeSample(sample)
  try {
    work(folder)
  } finally {
    remove()
  }
}

const holds = (sample: ImportSample) => {
  it('is recognised by what it holds, and reads all of it', () =>
    inFolder(sample, (folder) => {
      const plans = plansOf(folder)
      const kinds = new Set([sample.kind, ...(sample.beside ?? [])])
      assert.deepEqual(new Set(plans.map(({ kind }) => kind)), kinds)
      const { items, left } = prepared(plans)
      closeAll(plans)
      const names = (object: string) => items.flatMap((item) => (item.object === object ? [item.name] : []))
      assert.deepEqual(names('monitor'), sample.monitors)
      assert.deepEqual(names('channel'), sample.channels ?? [])
      assert.deepEqual(names('rule'), sample.rules ?? [])
      assert.deepEqual(names('maintenance plan'), sample.maintenance ?? [])
      assert.deepEqual(left.map(({ why }) => why.code).toSorted(), (sample.left ?? []).toSorted())
    }))

  it('changes nothing of the source, and reads the same again', () =>
    inFolder(sample, (folder) => {
      const before = stateOf(folder)
      const reads = [1, 2].map(() => {
        const plans = plansOf(folder)
        const { items, left, down, history } = prepared(plans)
        const read = JSON.stringify({ items, left, down, history: [...history()] })
        closeAll(plans)
        return read
      })
      assert.equal(reads[0], reads[1])
      assert.equal(stateOf(folder), before)
    }))

  it('says of each thing where it stands', () =>
    inFolder(sample, (folder) => {
      const plans = plansOf(folder)
      const { items, left, down } = prepared(plans)
      closeAll(plans)
      for (const { place } of [...items, ...left, ...down]) {
        const path = join(folder, place.file)
        if (place.line === undefined) assert.ok(statSync(path).isFile(), placeText(place))
        else assert.ok(place.line >= 1 && place.line <= readFileSync(path, 'utf8').split('\n').length, placeText(place))
      }
    }))

  it('makes a plan or a refusal of a file that is cut off or damaged', () => {
    const { folder, remove } = writeSample(sample)
    const originals = new Map(filesIn(folder).map((name) => [name, readFileSync(join(folder, name))]))
    const one = fc.record({
      name: fc.constantFrom(...originals.keys()),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
      put: fc.uint8Array({ maxLength: 12 }),
      keepRest: fc.boolean(),
    })
    try {
      fc.assert(
        fc.property(one, ({ name, cut, put, keepRest }) => {
          const whole = originals.get(name)!
          const at = Math.floor(cut * whole.length)
          const rest = keepRest ? whole.subarray(at + put.length) : []
          writeFileSync(join(folder, name), Buffer.concat([whole.subarray(0, at), put, Buffer.from(rest)]))
          const read = readImport(folder, undefined, context)
          if (read.ok) {
            const plans = read.plans.map(({ plan }) => plan)
            const { history } = prepared(plans)
            try {
              for (const _ of history());
            } catch (error) {
              assert.equal((error as Error).constructor.name, 'SourceError')
            }
            closeAll(plans)
          } else assert.ok(read.refused.every(({ why }) => inEnglish(why) !== why.code))
          writeFileSync(join(folder, name), whole)
        }),
        // A database takes longer than text.
        { numRuns: [...originals.keys()].some((name) => name.endsWith('.db')) ? 15 : 50 },
      )
    } finally {
      remove()
    }
  })
}

describe('importers', () => {
  it('each have a sample', () => {
    assert.deepEqual(new Set(samples.map(({ kind }) => kind)), new Set(importers.map(({ kind }) => kind)))
  })

  for (const sample of samples) describe(sample.kind, () => holds(sample))

  it('refuse what is not there, what nobody knows, and a kind that there is not', () => {
    const { folder, remove } = writeSample({ files: { 'notes.txt': 'buy milk\n' } })
    const codes = (path: string, kind?: string) => {
      const read = readImport(path, kind, context)
      return read.ok ? [] : read.refused.map(({ why }) => why.code)
    }
    assert.deepEqual(codes(join(folder, 'none')), ['import_not_there'])
    assert.deepEqual(codes(folder), ['import_not_recognised'])
    assert.deepEqual(codes(folder, 'nothing'), ['import_kind_not_known'])
    remove()
  })
})
