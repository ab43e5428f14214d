import { evaluate } from '../run/evaluate.ts'
import { assign } from '../run/render.ts'
import type { Run } from '../run/run.ts'
import type { Statement, StatementOf, Target } from '../syntax/statement.ts'
import { runtimeError } from '../syntax/template-error.ts'
import { iterate } from '../values/iterate.ts'
import { type Definitions, namesOf } from './definitions.ts'
import { isKnown } from './known.ts'

// What can be told of one statement without any fact.

const checkNamespace = (target: Target, definitions: Definitions): void => {
  if (target.kind !== 'attribute' || definitions.names.has(target.name)) return
  throw runtimeError('not_a_namespace', { name: target.name })
}

const checkSet = ({ target, value }: StatementOf<'set'>, definitions: Definitions, run: Run): void => {
  checkNamespace(target, definitions)
  if (target.kind !== 'attribute' && isKnown(value, definitions))
    assign(target, evaluate(value, run.top, run), { names: new Map(), parent: undefined }, run)
}

const checkFor = ({ target, over }: StatementOf<'for'>, definitions: Definitions, run: Run): void => {
  if (namesOf(target).includes('loop')) throw runtimeError('loop_is_taken')
  if (!isKnown(over, definitions)) return
  for (const item of iterate(evaluate(over, run.top, run))) {
    assign(target, item, { names: new Map(), parent: undefined }, run)
    return
  }
}

const checkCallBlock = ({ call }: StatementOf<'callBlock'>, { macros }: Definitions): void => {
  const macro = call.of.kind === 'name' ? macros.get(call.of.name) : undefined
  if (macro && !macro.uses.has('caller')) throw runtimeError('macro_without_caller', { macro: macro.name })
}

/** Throws what is wrong with a statement, whatever the facts are. */
export const checkStatement = (statement: Statement, definitions: Definitions, run: Run): void => {
  if (statement.kind === 'set') checkSet(statement, definitions, run)
  else if (statement.kind === 'capture') checkNamespace(statement.target, definitions)
  else if (statement.kind === 'for') checkFor(statement, definitions, run)
  else if (statement.kind === 'callBlock') checkCallBlock(statement, definitions)
}
