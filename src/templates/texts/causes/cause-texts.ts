/** The facts that a sentence names. A brace before a blank, or before what opens a tag of a template, stands for itself. */
type Placeholders<Text extends string> = Text extends `${string}{${infer Rest}`
  ? Rest extends `${'{' | '%' | '#' | ' '}${infer Later}`
    ? Placeholders<Later>
    : Rest extends `${infer Name}}${infer Later}`
      ? Name | Placeholders<Later>
      : never
  : never

/** True when a sentence names each fact of its cause, and nothing else. */
type Names<Text extends string, Facts> = [Placeholders<Text>] extends [Facts]
  ? [Facts] extends [Placeholders<Text>]
    ? true
    : false
  : false

/**
 * A sentence for each of these causes, with `{name}` where a fact stands. One that is missing, that leaves a fact out or
 * names another, does not compile.
 */
export const causeTexts =
  <Some extends object>() =>
  <const Given extends Readonly<Record<keyof Some, string>>>(
    texts: Given & {
      readonly [Code in keyof Given]: Code extends keyof Some
        ? Names<Given[Code], Some[Code]> extends true
          ? string
          : never
        : never
    },
  ): Readonly<Record<keyof Some, string>> =>
    texts
