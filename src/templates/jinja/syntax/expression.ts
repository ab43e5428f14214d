import type { Value } from '../values/value.ts'

/** Arguments of a call, a filter or a test. */
export interface Arguments {
  readonly args: readonly Expression[]
  readonly named: readonly { readonly name: string; readonly value: Expression }[]
  /** `*list` and `**mapping`. */
  readonly spread?: Expression | undefined
  readonly spreadNamed?: Expression | undefined
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

interface Kinds {
  readonly constant: { readonly value: Value }
  readonly name: { readonly name: string }
  readonly list: { readonly items: readonly Expression[] }
  readonly tuple: { readonly items: readonly Expression[] }
  readonly dict: { readonly pairs: readonly (readonly [key: Expression, value: Expression])[] }
  readonly concat: { readonly parts: readonly Expression[] }
  readonly binary: { readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  readonly and: { readonly left: Expression; readonly right: Expression }
  readonly or: { readonly left: Expression; readonly right: Expression }
  readonly not: { readonly of: Expression }
  readonly sign: { readonly sign: '+' | '-'; readonly of: Expression }
  readonly compare: {
    readonly first: Expression
    readonly rest: readonly { readonly operator: CompareOperator; readonly value: Expression }[]
  }
  readonly if: { readonly test: Expression; readonly then: Expression; readonly otherwise: Expression | undefined }
  readonly attribute: { readonly of: Expression; readonly name: string }
  readonly item: { readonly of: Expression; readonly key: Expression }
  readonly slice: {
    readonly start: Expression | undefined
    readonly stop: Expression | undefined
    readonly step: Expression | undefined
  }
  readonly call: { readonly of: Expression } & Arguments
  /** `of` is absent for the filter of a block. */
  readonly filter: { readonly of: Expression | undefined; readonly name: string } & Arguments
  readonly test: { readonly of: Expression; readonly name: string } & Arguments
}

export type ExpressionKind = keyof Kinds
export type ExpressionOf<Kind extends ExpressionKind> = Kinds[Kind] & { readonly kind: Kind; readonly line: number }
export type Expression = { [Kind in ExpressionKind]: ExpressionOf<Kind> }[ExpressionKind]
