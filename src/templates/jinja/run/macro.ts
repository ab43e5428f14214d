import type { Body, Signature } from '../syntax/statement.ts'
import { runtimeError } from '../syntax/template-error.ts'
import { Callable, Dict, type Given, Markup, Tuple, Undefined, type Value } from '../values/value.ts'
import { evaluate } from './evaluate.ts'
import type { Run } from './run.ts'
import { innerScope, type Scope } from './scope.ts'

interface Definition extends Signature {
  readonly name: string
  readonly body: Body
  readonly uses: ReadonlySet<string>
}

const tooMany = (name: string, count: number) => runtimeError('macro_takes_at_most', { macro: name, most: count })

/** A macro as a value; `render` gives the text of its body. */
export const createMacro = (
  { name, params, body, uses }: Definition,
  scope: Scope,
  run: Run,
  render: (body: Body, scope: Scope) => string,
): Callable => {
  const call = ({ args, named }: Given): Value => {
    const inner = innerScope(scope)
    const left = new Map(named)
    const { names } = inner
    if (args.length > params.length && !uses.has('varargs')) throw tooMany(name, params.length)
    for (const [index, { name: param, byDefault }] of params.entries()) {
      if (index < args.length && left.has(param))
        throw runtimeError('argument_twice', { called: name, argument: param })
      const value = index < args.length ? args[index] : left.get(param)
      left.delete(param)
      names.set(
        param,
        value === undefined ? (byDefault ? evaluate(byDefault, inner, run) : new Undefined(param)) : value,
      )
    }
    const caller = left.get('caller')
    left.delete('caller')
    if (caller && !uses.has('caller')) throw runtimeError('macro_has_no_caller', { macro: name })
    if (uses.has('caller') && !names.has('caller')) names.set('caller', caller ?? new Undefined('caller'))
    if (left.size > 0 && !uses.has('kwargs')) {
      const [strange] = left.keys()
      throw runtimeError('argument_unknown', { called: name, argument: strange! })
    }
    if (uses.has('varargs')) names.set('varargs', new Tuple(args.slice(params.length)))
    if (uses.has('kwargs')) names.set('kwargs', Dict.of(left))
    const text = run.deeper(() => render(body, inner))
    return run.rendering.autoescape ? new Markup(text) : text
  }
  const attributes = new Map<string, Value>([
    ['name', name],
    ['arguments', new Tuple(params.map((param) => param.name))],
    ['catch_varargs', uses.has('varargs')],
    ['catch_kwargs', uses.has('kwargs')],
    ['caller', uses.has('caller')],
  ])
  return new Callable(name, call, attributes, `<Macro '${name}'>`)
}
