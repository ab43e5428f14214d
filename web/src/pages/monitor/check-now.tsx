import { Button, Modal, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { usePhrases } from '../../api/queries.ts'
import { type CauseFields, useCause } from '../../components/cause.ts'
import { Icon } from '../../components/icon.tsx'
import { Failure } from '../../components/page.tsx'
import { StateMark } from '../../components/state.tsx'
import { Wide } from '../../components/wide.tsx'
import { milliseconds, number } from '../../lib/format.ts'
import { plain } from '../../lib/plain.ts'

interface Step {
  readonly name: string
  readonly ms: number
  /** What the causes among the facts are made of. */
  readonly causes?: Readonly<Record<string, CauseFields>>
  readonly [fact: string]: unknown
}

interface Look {
  readonly ok: boolean
  readonly latency_ms: number | null
  readonly error: (CauseFields & { readonly code: string; readonly message: string }) | null
  readonly steps: readonly Step[]
  readonly facts: Readonly<Record<string, unknown>>
}

/** One look now, with every step and its time. */
export const CheckNow = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const look = useMutation({ mutationFn: () => api.post<Look>(`/monitors/${id}/check`) })
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="play_step" />}
        loading={look.isPending}
        onClick={() => look.mutate()}
      >
        {t('monitors.checkNow')}
      </Button>
      <Modal opened={look.isSuccess || look.isError} onClose={look.reset} title={t('monitors.checkNow')} size="lg">
        {look.error && <Failure error={look.error} />}
        {look.data && <Found look={look.data} />}
      </Modal>
    </>
  )
}

const Found = ({ look }: { readonly look: Look }) => {
  const { t, i18n } = useTranslation()
  const causeOf = useCause()
  const looks = usePhrases(i18n.language, true).data?.looks
  const wordOf = (name: string): string => looks?.get(name) ?? name
  const shown = (name: string, value: unknown): string =>
    name === 'addresses_from' ? wordOf(String(value)) : plain(value)
  const findings = ({ name: _, ms: __, causes = {}, ...facts }: Step): string =>
    Object.entries(facts)
      .map(([name, value]) => {
        const made = causes[name]
        return `${wordOf(name)}: ${made ? causeOf({ cause: value, ...made }) : shown(name, value)}`
      })
      .join(', ')
  return (
    <>
      <Text fw={600} style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <StateMark state={look.ok ? 'up' : 'down'} size={14} />
        {t(look.ok ? 'monitors.checkOk' : 'monitors.checkFailed')}
        {look.latency_ms !== null && <span className="number">{milliseconds(look.latency_ms)}</span>}
      </Text>
      {look.error && (
        <Text className="break" mt={4}>
          {causeOf({ ...look.error, cause: look.error.message })} <span className="quiet mono">{look.error.code}</span>
        </Text>
      )}
      {look.steps.length > 0 && (
        <Wide>
          <table className="plain" style={{ marginTop: 12 }}>
            <thead>
              <tr>
                <th>{t('monitors.steps')}</th>
                <th style={{ textAlign: 'right' }}>ms</th>
                <th>{t('monitors.facts')}</th>
              </tr>
            </thead>
            <tbody>
              {look.steps.map((step, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: steps may repeat and never move
                <tr key={index}>
                  <td>{wordOf(step.name)}</td>
                  <td className="number" style={{ textAlign: 'right' }}>
                    {number(step.ms, 1)}
                  </td>
                  <td className="break">{findings(step)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      {Object.keys(look.facts).length > 0 && (
        <dl
          className="break"
          style={{ display: 'grid', gridTemplateColumns: 'auto 1fr', gap: '4px 14px', fontSize: 14 }}
        >
          {Object.entries(look.facts).map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt className="quiet">{wordOf(name)}</dt>
              <dd style={{ margin: 0 }}>{shown(name, value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <Text size="sm" className="quiet" mt="sm">
        {t('monitors.checkNote')}
      </Text>
    </>
  )
}
