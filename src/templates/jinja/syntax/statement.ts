import type { Expression, ExpressionOf } from './expression.ts'

/** What is set: a name, several at once, or an attribute of a namespace. */
export type Target =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'names'; readonly items: readonly Target[] }
  | { readonly kind: 'attribute'; readonly name: string; readonly attribute: string }

export type Body = readonly Statement[]

export interface Signature {
  readonly params: readonly { readonly name: string; readonly byDefault?: Expression | undefined }[]
}

interface Kinds {
  readonly text: { readonly text: string }
  readonly print: { readonly value: Expression }
  readonly for: {
    readonly target: Target
    readonly over: Expression
    readonly only: Expression | undefined
    readonly recursive: boolean
    readonly body: Body
    readonly otherwise: Body
  }
  readonly if: {
    readonly branches: readonly { readonly test: Expression; readonly body: Body }[]
    readonly otherwise: Body
  }
  readonly set: { readonly target: Target; readonly value: Expression }
  readonly capture: { readonly target: Target; readonly filter: Expression | undefined; readonly body: Body }
  readonly with: {
    readonly pairs: readonly { readonly target: Target; readonly value: Expression }[]
    readonly body: Body
  }
  readonly macro: Signature & { readonly name: string; readonly body: Body; readonly uses: ReadonlySet<string> }
  readonly callBlock: Signature & {
    readonly call: ExpressionOf<'call'>
    readonly body: Body
    readonly uses: ReadonlySet<string>
  }
  readonly filterBlock: { readonly filter: Expression; readonly body: Body }
  readonly block: { readonly name: string; readonly scoped: boolean; readonly body: Body }
  readonly autoescape: { readonly on: Expression; readonly body: Body }
}

export type StatementKind = keyof Kinds
export type StatementOf<Kind extends StatementKind> = Kinds[Kind] & { readonly kind: Kind; readonly line: number }
export type Statement = { [Kind in StatementKind]: StatementOf<Kind> }[StatementKind]

/** A template that was read. */
export interface Template {
  readonly body: Body
  readonly blocks: ReadonlyMap<string, StatementOf<'block'>>
}
