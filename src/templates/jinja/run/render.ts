import type { Expression } from '../syntax/expression.ts'
import type { Body, StatementKind, StatementOf, Target } from '../syntax/statement.ts'
import { runtimeError, TemplateError, tooLarge } from '../syntax/template-error.ts'
import { isTrue, iterate, toList } from '../values/iterate.ts'
import { LONGEST_TEXT, toHtml, toText } from '../values/text.ts'

import { Callable, type Given, Live, Markup, Namespace, type Value } from '../values/value.ts'
import { evaluate, givenOf } from './evaluate.ts'
import { createLoop } from './loop.ts'
import { createMacro } from './macro.ts'
import type { Output, Run } from './run.ts'
import { innerScope, lookUp, type Scope } from './scope.ts'

type Render<Kind extends StatementKind> = (statement: StatementOf<Kind>, scope: Scope, run: Run, out: Output) => void

/** Collects text; ends a rendering whose text is beyond any message. */
export const createOutput = () => {
  const parts: string[] = []
  let size = 0
  return {
    write: (text: string) => {
      size += text.length
      if (size > LONGEST_TEXT) throw tooLarge()
      parts.push(text)
    },
    text: () => parts.join(''),
  }
}

/** Renders a body, one statement after the other. */
export const renderBody = (body: Body, scope: Scope, run: Run, out: Output): void => {
  for (const statement of body) {
    run.rendering.spend(1)
    try {
      ;(RENDER[statement.kind] as Render<StatementKind>)(statement as never, scope, run, out)
    } catch (error) {
      if (error instanceof TemplateError) error.line ??= statement.line
      throw error
    }
  }
}

const textOf = (body: Body, scope: Scope, run: Run): string => {
  const out = createOutput()
  renderBody(body, scope, run, out)
  return out.text()
}

/** The text of a body as a value: HTML where that is written. */
const captured = (body: Body, scope: Scope, run: Run): Value => {
  const text = textOf(body, scope, run)
  return run.rendering.autoescape ? new Markup(text) : text
}

/** Sets a name, several from the items of a value, or an attribute of a namespace. Throws a TemplateError where they do not fit. */
export const assign = (target: Target, value: Value, scope: Scope, run: Run): void => {
  if (target.kind === 'name') {
    scope.names.set(target.name, value)
    return
  }
  if (target.kind === 'attribute') {
    const namespace = lookUp(scope, target.name) ?? run.facts(target.name)
    if (!(namespace instanceof Namespace)) throw runtimeError('not_a_namespace', { name: target.name })
    namespace.attributes.set(target.attribute, value)
    return
  }
  const items = toList(value)
  if (items.length !== target.items.length)
    throw runtimeError('counts_differ', { names: target.items.length, values: items.length })
  for (const [index, one] of target.items.entries()) assign(one, items[index]!, scope, run)
}

/** Writes a value as text, escaped where the part is HTML. */
export const print = (value: Value, run: Run, out: Output): void => {
  const text = run.rendering.autoescape ? toHtml(value).text : toText(value)
  run.rendering.spend(text.length / 100)
  out.write(text)
}

const renderLoop = (
  statement: StatementOf<'for'>,
  over: Value,
  depth: number,
  scope: Scope,
  run: Run,
  out: Output,
): void => {
  const { target, only, recursive, body, otherwise } = statement
  function* filtered(): IterableIterator<Value> {
    for (const item of iterate(over)) {
      const inner = innerScope(scope)
      assign(target, item, inner, run)
      if (isTrue(evaluate(only!, inner, run))) yield item
    }
  }
  const again = ({ args }: Given): Value => {
    const text = createOutput()
    run.deeper(() => renderLoop(statement, args[0]!, depth + 1, scope, run, text))
    return run.rendering.autoescape ? new Markup(text.text()) : text.text()
  }
  const { loop, next } = createLoop(
    only ? filtered() : iterate(over),
    only ? undefined : over,
    depth,
    recursive ? again : undefined,
  )
  let empty = true
  for (let item = next(); item !== undefined; item = next()) {
    run.rendering.spend(1)
    empty = false
    const inner = innerScope(scope)
    assign(target, item, inner, run)
    if (!inner.names.has('loop')) inner.names.set('loop', loop)
    renderBody(body, inner, run, out)
  }
  if (empty) renderBody(otherwise, innerScope(scope), run, out)
}

/** What `self` is: the text of each block, by its name. */
export const createSelf = (run: Run): Live =>
  new Live(
    'self',
    (name) => {
      const block = run.blocks.get(name)
      return block && new Callable(name, () => run.deeper(() => captured(block.body, innerScope(run.top), run)))
    },
    undefined,
    () => '<TemplateReference None>',
  )

const renderBlock = ({ body, scoped }: StatementOf<'block'>, scope: Scope, run: Run, out: Output): void => {
  run.deeper(() => renderBody(body, innerScope(scoped ? scope : run.top), run, out))
}

const RENDER: { readonly [Kind in StatementKind]: Render<Kind> } = {
  text: ({ text }, _, __, out) => out.write(text),
  print: ({ value }, scope, run, out) => print(evaluate(value, scope, run), run, out),
  for: (statement, scope, run, out) => renderLoop(statement, evaluate(statement.over, scope, run), 0, scope, run, out),
  if: ({ branches, otherwise }, scope, run, out) => {
    const branch = branches.find(({ test }) => isTrue(evaluate(test, scope, run)))
    renderBody(branch?.body ?? otherwise, scope, run, out)
  },
  set: ({ target, value }, scope, run) => assign(target, evaluate(value, scope, run), scope, run),
  capture: ({ target, filter, body }, scope, run) => {
    const text = captured(body, innerScope(scope), run)
    const value = filter ? applyFilter(filter, text, scope, run) : text
    assign(target, run.rendering.autoescape && typeof value === 'string' ? new Markup(value) : value, scope, run)
  },
  with: ({ pairs, body }, scope, run, out) => {
    const inner = innerScope(scope)
    const values = pairs.map(({ value }) => evaluate(value, scope, run))
    for (const [index, { target }] of pairs.entries()) assign(target, values[index]!, inner, run)
    renderBody(body, inner, run, out)
  },
  macro: (statement, scope, run) => {
    scope.names.set(
      statement.name,
      createMacro(statement, scope, run, (body, inner) => textOf(body, inner, run)),
    )
  },
  callBlock: ({ params, call, body, uses }, scope, run, out) => {
    const caller = createMacro({ name: 'caller', params, body, uses }, scope, run, (one, inner) =>
      textOf(one, inner, run),
    )
    const of = evaluate(call.of, scope, run)
    const { args, named } = givenOf(call, scope, run)
    if (!(of instanceof Callable)) throw runtimeError('call_without_macro')
    print(of.call({ args, named: new Map([...named, ['caller', caller]]) }), run, out)
  },
  filterBlock: ({ filter, body }, scope, run, out) => {
    const inner = innerScope(scope)
    print(applyFilter(filter, captured(body, inner, run), inner, run), run, out)
  },
  block: renderBlock,
  autoescape: ({ on, body }, scope, run, out) => {
    const before = run.rendering.autoescape
    run.rendering.autoescape = isTrue(evaluate(on, scope, run))
    try {
      renderBody(body, innerScope(scope), run, out)
    } finally {
      run.rendering.autoescape = before
    }
  },
}

/** Puts a value through the filters of a block, the innermost first. */
const applyFilter = (filter: Expression, value: Value, scope: Scope, run: Run): Value => {
  if (filter.kind !== 'filter') return value
  const { of, name, ...given } = filter
  const inner = of ? applyFilter(of, value, scope, run) : value
  return run.rendering.filter(name, inner, givenOf(given, scope, run))
}
