/** The same shape with any texts: what the second language must fill in. */
export type Shape<T> = { readonly [Key in keyof T]: T[Key] extends string ? string : Shape<T[Key]> }

/** Texts in both languages side by side; a text that is missing in Spanish, or left over there, is a type error. */
export const bilingual = <const T>(en: T, es: Shape<T>): { readonly en: T; readonly es: Shape<T> } => ({ en, es })
