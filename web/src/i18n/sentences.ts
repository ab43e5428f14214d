/** The names between braces. */
type Places<Text> = Text extends `${string}{{${infer Name}}}${infer Rest}` ? Name | Places<Rest> : never

interface Coded {
  readonly code: string
  readonly facts: object
}

/**
 * A sentence for each code, with `{{name}}` where a fact stands; one that is missing, or names what its code has no fact
 * for, does not compile. `Extra`: what the page adds to the facts.
 */
export const sentences =
  <One extends Coded, Extra extends string = never>() =>
  <const Texts extends Readonly<Record<One['code'], string>>>(
    texts: Texts & {
      readonly [Code in keyof Texts]: [Places<Texts[Code]>] extends [
        keyof Extract<One, { readonly code: Code }>['facts'] | Extra,
      ]
        ? string
        : never
    },
  ): Readonly<Record<One['code'], string>> =>
    texts

/** A sentence with its facts in their places. */
export const fill = (sentence: string, facts: object): string =>
  sentence.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String((facts as Readonly<Record<string, unknown>>)[name]))
