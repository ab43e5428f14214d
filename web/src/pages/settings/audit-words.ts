import { useTranslation } from 'react-i18next'
import { useWho } from '../../components/who.ts'
import { audit } from '../../i18n/texts/audit.ts'
import { absolute } from '../../lib/format.ts'

/** A line of the audit log, as the API tells it. */
export interface AuditLine {
  readonly actor: string
  readonly action: string
  readonly object: string
  readonly object_id: number | null
  readonly details: unknown
}

const { does, objects, facts, values } = audit.en
type Does = keyof typeof does
type Thing = keyof typeof objects
type Fact = keyof typeof facts

/** `user:ana` is a person, and is read as her name. */
const PERSON = /^(user|token|link):/
const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

type Value = keyof typeof values
/** Severities and roles, as they are called everywhere. */
const NAMED = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL', 'viewer', 'operator', 'administrator'] as const
type Named = (typeof NAMED)[number]

const useValue = () => {
  const { t } = useTranslation()
  const word = (value: string): string => {
    if (NAMED.includes(value as Named)) return t(`words.${value as Named}`)
    if (value in values) return t(`audit.values.${value as Value}`)
    return MOMENT.test(value) ? absolute(value) : value
  }
  return (value: unknown): string => {
    if (typeof value === 'string' || typeof value === 'boolean') return word(String(value))
    const isList = Array.isArray(value) && value.every((one) => typeof one === 'string')
    return isList ? value.join(', ') : JSON.stringify(value)
  }
}

/** Who did what, in the reader's language; a word that is none of ours as it is. */
export const useAuditWords = () => {
  const { t } = useTranslation()
  const who = useWho()
  const valueText = useValue()
  const known = (details: unknown) =>
    (typeof details === 'object' && details !== null ? details : {}) as Record<string, unknown>
  return {
    who: ({ actor }: AuditLine): string => who(actor.replace(PERSON, '')),
    what: ({ action, object, object_id: id, details }: AuditLine): string => {
      const { name, subject, ip } = known(details)
      const thing = object in objects ? t(`audit.objects.${object as Thing}`) : object
      const which = [name, subject, ip].find((one): one is string => typeof one === 'string') ?? id ?? ''
      const what = `${thing} ${which}`.trim()
      return action in does ? t(`audit.does.${action as Does}`, { what }) : `${action} ${what}`
    },
    details: ({ details }: AuditLine): string =>
      Object.entries(known(details))
        .filter(([name, value]) => !['name', 'subject', 'ip'].includes(name) && value !== null && value !== '')
        .map(([name, value]) => `${name in facts ? t(`audit.facts.${name as Fact}`) : name}: ${valueText(value)}`)
        .join(' · '),
  }
}
