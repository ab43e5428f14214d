import type { Body, StatementOf, Target, Template } from '../syntax/statement.ts'
import { insideOf } from './walk.ts'

/** The names that a target sets. */
export const namesOf = (target: Target): readonly string[] => {
  if (target.kind === 'names') return target.items.flatMap(namesOf)
  return target.kind === 'name' ? [target.name] : []
}

export type Macro = StatementOf<'macro'>

/** What a template defines anywhere. */
export interface Definitions {
  /** Names that are set, by `set`, `for`, `with`, `macro` or as a macro's argument. */
  readonly names: ReadonlySet<string>
  /** Macros whose name means nothing else in the template. */
  readonly macros: ReadonlyMap<string, Macro>
  /** Attributes that are set on namespaces. */
  readonly attributes: ReadonlySet<string>
  readonly blocks: ReadonlySet<string>
}

/** What a template defines in all its bodies, in whatever order. */
export const definitionsOf = ({ body, blocks }: Template): Definitions => {
  const count = new Map<string, number>()
  const macros = new Map<string, Macro>()
  const attributes = new Set<string>()
  const define = (name: string) => count.set(name, (count.get(name) ?? 0) + 1)
  const target = (one: Target) => {
    if (one.kind === 'attribute') attributes.add(one.attribute)
    for (const name of namesOf(one)) define(name)
  }
  const visit = (statements: Body): void => {
    for (const statement of statements) {
      if ('target' in statement) target(statement.target)
      if (statement.kind === 'with') for (const pair of statement.pairs) target(pair.target)
      if (statement.kind === 'macro') {
        define(statement.name)
        macros.set(statement.name, statement)
      }
      if ('params' in statement) for (const { name } of statement.params) define(name)
      for (const inner of insideOf(statement).bodies) visit(inner)
    }
  }
  visit(body)
  for (const [name, times] of count) if (times > 1) macros.delete(name)
  return { names: new Set(count.keys()), macros, attributes, blocks: new Set(blocks.keys()) }
}
