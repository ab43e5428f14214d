import { filters } from '../library/filters/index.ts'
import { callNative, type Rendering } from '../library/native.ts'
import { tests } from '../library/tests.ts'
import type { Template } from '../syntax/statement.ts'
import { runtimeError, tooDeep, tooManySteps } from '../syntax/template-error.ts'
import { faultOf } from '../syntax/template-faults.ts'
import { createOutput, createSelf, renderBody } from './render.ts'
import type { Run } from './run.ts'
import { createFacts } from './scope.ts'

export interface RenderOptions {
  /** Whether the text is HTML, in which values are escaped. */
  readonly html: boolean
  readonly timeZone?: unknown
}

/** Steps of a template, a hundred times what a long message takes. */
const STEPS = 2_000_000
/** Macros within macros. */
const DEEPEST = 100

const unknown = (kind: 'filter' | 'test', name: string) =>
  runtimeError('name_unknown', { kind: faultOf(`kind_${kind}`), name })

const createRendering = ({ html, timeZone }: RenderOptions): Rendering => {
  let steps = 0
  const rendering: Rendering = {
    autoescape: html,
    html,
    timeZone,
    filter: (name, value, given) => {
      const native = filters.get(name)
      if (!native) throw unknown('filter', name)
      return callNative(name, native, value, given, rendering)
    },
    test: (name, value, given) => {
      const native = tests.get(name)
      if (!native) throw unknown('test', name)
      return callNative(name, native, value, given, rendering) === true
    },
    spend: (work) => {
      steps += work
      if (steps > STEPS) throw tooManySteps()
    },
  }
  return rendering
}

/** What one rendering of a template, or a check, goes by. */
export const createRun = (
  template: Template,
  facts: Readonly<Record<string, unknown>>,
  options: RenderOptions,
): Run => {
  let depth = 0
  const run: Run = {
    rendering: createRendering(options),
    facts: createFacts(facts),
    blocks: template.blocks,
    top: { names: new Map(), parent: undefined },
    deeper: (work) => {
      if (++depth > DEEPEST) throw tooDeep()
      const result = work()
      depth--
      return result
    },
  }
  run.top.names.set('self', createSelf(run))
  return run
}

/** The text of a template with these facts. Throws a TemplateError. */
export const renderTemplate = (
  template: Template,
  facts: Readonly<Record<string, unknown>>,
  options: RenderOptions,
): string => {
  const run = createRun(template, facts, options)
  const out = createOutput()
  renderBody(template.body, run.top, run, out)
  return out.text()
}
