import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Facts } from '../../components/facts.tsx'
import { addTexts } from '../../i18n/index.ts'
import { classifier } from '../../i18n/texts/classifier.ts'
import { number } from '../../lib/format.ts'
import { Section } from './section.tsx'

addTexts('classifier', classifier)

export interface ClassifierState {
  readonly on: boolean
  readonly predictions: number
  readonly judged: number
  readonly false_rate: number | null
  readonly counts_only: boolean
  readonly verdicts: readonly { readonly event: number; readonly verdict: 'benign' | 'malicious' }[]
  readonly model: string | null
  readonly card: {
    readonly captures: readonly unknown[]
    readonly made: number
    readonly left_out: readonly { readonly capture: string; readonly recall: number | null }[]
  } | null
}

export const useClassifier = () =>
  useQuery({ queryKey: ['classifier'], queryFn: () => api.get<ClassifierState>('/classifier') })

/** What the classifier was trained on, where it fails, and how often it was wrong here; nothing where it is off. */
export const ClassifierCard = () => {
  const { t } = useTranslation()
  const { data } = useClassifier()
  if (!data?.on) return null
  const weak = data.card?.left_out.filter(({ recall }) => recall !== null && recall < 0.5) ?? []
  return (
    <div style={{ marginBottom: 16 }}>
      <Section title={t('classifier.title')}>
        <Text className="quiet" size="sm" mb="xs">
          {t(data.counts_only ? 'classifier.counts' : 'classifier.tells')}
        </Text>
        <Facts
          facts={[
            [t('classifier.predictions'), number(data.predictions)],
            [t('classifier.judged'), number(data.judged)],
            [
              t('classifier.falseRate'),
              data.false_rate === null ? t('classifier.unknown') : `${number(Math.round(data.false_rate * 100))} %`,
            ],
            [t('classifier.model'), data.model ?? '–'],
            [
              t('classifier.trained'),
              t('classifier.trainedOn', { captures: data.card?.captures.length ?? 0, made: data.card?.made ?? 0 }),
            ],
            [t('classifier.fails'), weak.map(({ capture }) => capture).join(', ') || t('classifier.nothing')],
          ]}
        />
      </Section>
    </div>
  )
}
