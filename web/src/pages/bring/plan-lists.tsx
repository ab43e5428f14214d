import { Card, Checkbox, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ItemView, LeftView } from '../../../../src/operations/import/import-view.ts'
import { Scroll } from '../../components/scroll.tsx'
import { absolute } from '../../lib/format.ts'
import classes from './bring.module.css'
import { type ShownPlan, whyText } from './import-answer.ts'

/** Of many alike so many are shown. */
const SHOWN = 200

interface SectionProps {
  readonly title: string
  readonly hint?: string
  readonly count: number
  readonly children: ReactNode
}

const Section = ({ title, hint, count, children }: SectionProps) => {
  const { t } = useTranslation()
  if (count === 0) return null
  return (
    <Card component="section">
      <Text component="h2" fw={600}>
        {title}
      </Text>
      {hint && (
        <Text size="sm" className="quiet">
          {hint}
        </Text>
      )}
      <Scroll maxHeight={420} label={title}>
        {children}
      </Scroll>
      {count > SHOWN && (
        <Text size="sm" className="quiet" mt="xs">
          {t('bring.more', { count: count - SHOWN })}
        </Text>
      )}
    </Card>
  )
}

const ORDER = { created: 0, changed: 1, same: 2 } as const

/** What would be made, or is there already. */
export const Items = ({ items }: { readonly items: readonly ItemView[] }) => {
  const { t } = useTranslation()
  const sorted = items.toSorted((a, b) => ORDER[a.did] - ORDER[b.did])
  return (
    <Section title={t('bring.plan')} count={items.length}>
      <table className="plain">
        <tbody>
          {sorted.slice(0, SHOWN).map(({ object, name, did, place, notes = [] }) => (
            <tr key={`${object} ${name}`}>
              <td style={{ whiteSpace: 'nowrap' }} className={classes[did]}>
                {t(`bring.marks.${did}`)}
              </td>
              <td className="quiet" style={{ whiteSpace: 'nowrap' }}>
                {t(`bring.objects.${object}`)}
              </td>
              <td className="break">
                {name}
                {notes.map((note) => (
                  <div key={whyText(note)} className={classes.why}>
                    {whyText(note)}
                  </div>
                ))}
              </td>
              <td className="quiet break">{place}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

/** What does not come in, or comes in otherwise, and why. */
export const LeftOut = ({ title, left }: { readonly title: string; readonly left: readonly LeftView[] }) => (
  <Section title={title} count={left.length}>
    <table className="plain">
      <tbody>
        {left.slice(0, SHOWN).map(({ name, place, why }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same may stand there twice
          <tr key={index}>
            <td className="break">
              {name}
              <div className={classes.why}>{whyText(why)}</div>
            </td>
            <td className="quiet break">{place}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Section>
)

export const WasDown = ({ down }: Pick<ShownPlan, 'down'>) => {
  const { t } = useTranslation()
  return (
    <Section title={t('bring.downTitle')} hint={t('bring.downHint')} count={down.length}>
      <table className="plain">
        <tbody>
          {down.slice(0, SHOWN).map(({ monitor, since }) => (
            <tr key={monitor}>
              <td className="break">{monitor}</td>
              <td className="quiet">
                {since === null ? t('bring.downUnknown') : t('bring.downSince', { time: absolute(since) })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}

interface SurplusProps extends Pick<ShownPlan, 'surplus'> {
  readonly prune: boolean
  readonly setPrune: (prune: boolean) => void
}

/** What an earlier import brought, and stays unless somebody says otherwise. */
export const Surplus = ({ surplus, prune, setPrune }: SurplusProps) => {
  const { t } = useTranslation()
  return (
    <Section title={t('bring.surplus')} count={surplus.length}>
      <Checkbox
        my="xs"
        label={t('bring.prune')}
        checked={prune}
        onChange={({ currentTarget }) => setPrune(currentTarget.checked)}
      />
      <table className="plain">
        <tbody>
          {surplus.slice(0, SHOWN).map(({ object, name }) => (
            <tr key={`${object} ${name}`}>
              <td className="quiet" style={{ whiteSpace: 'nowrap' }}>
                {t(`bring.objects.${object}`)}
              </td>
              <td className="break">{name}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
