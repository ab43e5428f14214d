import { functions } from '../library/functions.ts'
import { evaluate, givenOf } from '../run/evaluate.ts'
import { createMacro } from '../run/macro.ts'
import { assign, createOutput, print } from '../run/render.ts'
import { createRun } from '../run/render-template.ts'
import type { Run } from '../run/run.ts'
import type { Scope } from '../run/scope.ts'
import type { Expression } from '../syntax/expression.ts'
import type { Body, StatementKind, StatementOf, Target, Template } from '../syntax/statement.ts'
import { TemplateError, tooDeep, tooManySteps } from '../syntax/template-error.ts'
import { iterate, toList } from '../values/iterate.ts'
import { Callable, Markup, type Value } from '../values/value.ts'
import { type Definitions, namesOf } from './definitions.ts'
import { FlowNames, NEEDS_EVENT, OPEN, type Open } from './flow-names.ts'
import { type Flow, type FlowScope, follow, orOpen, truthOf } from './follow.ts'
import { insideOf, partsOf } from './walk.ts'

/** Text that is written; `open` once a part of it depends on the event. */
interface Written {
  readonly out: ReturnType<typeof createOutput>
  open: boolean
}

type Walk<Kind extends StatementKind> = (
  statement: StatementOf<Kind>,
  scope: FlowScope,
  flow: Flow,
  written: Written,
) => void

/** Turns of a loop that are looked at. */
const MOST_TURNS = 50
/** Macros within macros, as when it is rendered. */
const DEEPEST = 100
/** Steps of a check, a few times what a long message takes: people wait for it. */
const STEPS = 50_000
/** Methods that change what they are called on. */
const CHANGING = new Set('append clear extend insert pop popitem remove reverse setdefault sort update'.split(' '))

const within = (parent: Scope): FlowScope => ({ names: new FlowNames(), parent })
const writing = (): Written => ({ out: createOutput(), open: false })

const bind = (target: Target, value: Value | Open, scope: FlowScope, flow: Flow): void => {
  if (target.kind === 'name') scope.names.bind(target.name, value, flow.lists)
  else if (target.kind === 'attribute') orOpen(() => assign(target, null, scope, flow.run))
  else if (value === OPEN) for (const name of namesOf(target)) scope.names.open(name)
  else {
    const items = toList(value)
    if (items.length !== target.items.length) assign(target, items, within(scope), flow.run)
    for (const [index, one] of target.items.entries()) bind(one, items[index]!, scope, flow)
  }
}

/** Goes each of several ways of which one is taken. */
const fork = (scope: FlowScope, ways: readonly (() => void)[]): void => {
  const before = scope.names.copy()
  const after = ways.map((way) => {
    scope.names.become(before)
    way()
    return scope.names.copy()
  })
  scope.names.join(after)
}

const walkIf: Walk<'if'> = ({ branches, otherwise }, scope, flow, written) => {
  const ways: Body[] = []
  let sure = false
  for (const { test, body } of branches) {
    follow(test, scope, flow)
    const truth = truthOf(test, scope, flow)
    if (truth !== false) ways.push(body)
    sure = truth === true
    if (sure) break
  }
  if (!sure) ways.push(otherwise)
  if (ways.length > 1) written.open = true
  fork(
    scope,
    ways.map((body) => () => walkBody(body, scope, flow, written)),
  )
}

const walkFor: Walk<'for'> = ({ target, over, only, body, otherwise }, scope, flow, written) => {
  const list = follow(over, scope, flow)
  const turn = (item: Value | Open): boolean | undefined => {
    const inner = within(scope)
    bind(target, item, inner, flow)
    if (only) follow(only, inner, flow)
    const taken = only ? truthOf(only, inner, flow) : item === OPEN ? undefined : true
    inner.names.open('loop')
    if (taken !== false) walkBody(body, inner, flow, written)
    if (taken === undefined) written.open = true
    return taken
  }
  let empty: boolean | undefined = true
  if (list === OPEN) empty = turn(OPEN) === false
  else {
    let turns = 0
    for (const item of iterate(list)) {
      if (++turns > MOST_TURNS) {
        written.open = true
        break
      }
      const taken = turn(item)
      if (taken !== false) empty &&= taken === undefined
    }
  }
  if (empty || list === OPEN) walkBody(otherwise, within(scope), flow, written)
}

/** A body that runs later, with whatever it is called with. */
const walkLater = (body: Body, params: readonly { readonly name: string }[], scope: Scope, flow: Flow): void => {
  const inner = within(scope)
  for (const name of [...params.map((param) => param.name), 'caller', 'varargs', 'kwargs']) inner.names.open(name)
  walkBody(body, inner, flow, writing())
}

const textOf = (body: Body, scope: Scope, flow: Flow): string => {
  const written = writing()
  walkBody(body, within(scope), flow, written)
  if (written.open) throw NEEDS_EVENT
  return written.out.text()
}

const walkCall: Walk<'callBlock'> = ({ params, call, body, uses }, scope, flow, written) => {
  const { run } = flow
  for (const part of partsOf(call)) follow(part, scope, flow)
  walkLater(body, params, scope, flow)
  const text = orOpen(() => {
    const caller = createMacro({ name: 'caller', params, body, uses }, scope, run, (one, inner) =>
      textOf(one, inner, flow),
    )
    const of = evaluate(call.of, scope, run)
    const { args, named } = givenOf(call, scope, run)
    return of instanceof Callable ? of.call({ args, named: new Map([...named, ['caller', caller]]) }) : OPEN
  })
  if (text === OPEN) written.open = true
  else print(text, run, written.out)
}

const WALK: { readonly [Kind in StatementKind]: Walk<Kind> } = {
  text: ({ text }, _, __, { out }) => out.write(text),
  print: ({ value }, scope, flow, written) => {
    const known = follow(value, scope, flow)
    if (known === OPEN) written.open = true
    else print(known, flow.run, written.out)
  },
  if: walkIf,
  for: walkFor,
  set: ({ target, value }, scope, flow) => bind(target, follow(value, scope, flow), scope, flow),
  capture: ({ target, filter, body }, scope, flow) => {
    const text = orOpen(() => textOf(body, scope, flow))
    const value = text === OPEN || filter ? OPEN : flow.run.rendering.autoescape ? new Markup(text) : text
    bind(target, value, scope, flow)
  },
  with: ({ pairs, body }, scope, flow, written) => {
    const inner = within(scope)
    const values = pairs.map(({ value }) => follow(value, scope, flow))
    for (const [index, { target }] of pairs.entries()) bind(target, values[index]!, inner, flow)
    walkBody(body, inner, flow, written)
  },
  macro: (statement, scope, flow) => {
    scope.names.set(
      statement.name,
      createMacro(statement, scope, flow.run, (body, inner) => textOf(body, inner, flow)),
    )
    walkLater(statement.body, statement.params, scope, flow)
  },
  callBlock: walkCall,
  filterBlock: ({ body }, scope, flow, written) => {
    walkBody(body, within(scope), flow, writing())
    written.open = true
  },
  block: ({ body, scoped }, scope, flow, written) =>
    walkBody(body, within(scoped ? scope : flow.run.top), flow, written),
  autoescape: ({ on, body }, scope, flow, written) => {
    const { rendering } = flow.run
    const before = rendering.autoescape
    rendering.autoescape = truthOf(on, scope, flow) ?? before
    try {
      walkBody(body, within(scope), flow, written)
    } finally {
      rendering.autoescape = before
    }
  },
}

const walkBody = (body: Body, scope: FlowScope, flow: Flow, written: Written): void => {
  for (const statement of body) {
    flow.run.rendering.spend(1)
    try {
      ;(WALK[statement.kind] as Walk<StatementKind>)(statement as never, scope, flow, written)
    } catch (error) {
      if (error instanceof TemplateError) error.line ??= statement.line
      throw error
    }
  }
}

/** Whether a template changes lists or mappings somewhere. */
const changesLists = (body: Body): boolean => {
  const changes = (one: Expression): boolean =>
    (one.kind === 'attribute' && CHANGING.has(one.name)) || partsOf(one).some(changes)
  return body.map(insideOf).some(({ expressions, bodies }) => expressions.some(changes) || bodies.some(changesLists))
}

/** A run in which every fact is open. */
const openRun = (template: Template, html: boolean): Run => {
  let depth = 0
  let steps = 0
  const names = new FlowNames()
  names.open('self')
  const run = createRun(template, {}, { html })
  const spend = (work: number) => {
    steps += work
    if (steps > STEPS) throw tooManySteps()
  }
  return {
    ...run,
    rendering: Object.assign(run.rendering, { spend }),
    facts: (name) => {
      if (functions.has(name)) return undefined
      throw NEEDS_EVENT
    },
    top: { names, parent: undefined },
    deeper: (work) => {
      if (++depth > DEEPEST) throw tooDeep()
      try {
        return work()
      } finally {
        depth--
      }
    },
  }
}

/**
 * Follows a template through its names, branches, loops and macros with no event at hand, and finds what fails whatever
 * the event is: a comparison of what was set before, a macro that cannot take what it is given. Throws a TemplateError.
 */
export const checkFlow = (template: Template, definitions: Definitions, html: boolean): void => {
  const run = openRun(template, html)
  const flow: Flow = { run, definitions, lists: !changesLists(template.body) }
  try {
    walkBody(template.body, run.top as FlowScope, flow, writing())
  } catch (error) {
    // Longer than a check should take: the rest is known when it is rendered.
    if (error instanceof TemplateError && error.kind === 'timeout') return
    throw error
  }
}
