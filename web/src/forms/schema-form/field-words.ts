import type { TFunction } from 'i18next'
import type { Schema } from '../../api/types.ts'
import { wordsOf } from '../../i18n/words-of.ts'

/** `retry_interval` as people read it, where a schema has no title. */
const plainName = (name: string): string => {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A title with its description; where there is no title, the description is the title. */
export const labelled = (schema: Schema, name: string) => {
  const { title, description } = wordsOf(schema)
  return {
    label: title ?? description ?? plainName(name),
    hint: title && description && description !== title ? description : undefined,
  }
}

const SEVERITIES: readonly unknown[] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']

/** Severities are words of ours; other values are the type's own. */
export const choiceLabel = (value: unknown, t: TFunction): string =>
  SEVERITIES.includes(value) ? t(`words.${value as 'LOW'}`) : String(value)

/** What holds while a field is empty, for people. */
export const standardText = (value: unknown, t: TFunction): string =>
  Array.isArray(value) ? value.join(', ') : choiceLabel(value, t)
