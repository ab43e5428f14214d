import { Alert, Button, Card, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Failure } from '../../components/page.tsx'
import classes from './bring.module.css'
import { type ImportAnswer, isRefusal, type ShownRefusal, whyText } from './import-answer.ts'
import { Items, LeftOut, Surplus, WasDown } from './plan-lists.tsx'
import { TableColumns } from './table-columns.tsx'
import type { useBring } from './use-bring.ts'

type Bringing = Pick<ReturnType<typeof useBring>, 'read' | 'apply' | 'begin'>

const COUNTED = ['created', 'changed', 'same', 'left'] as const

const Head = ({ answer, tools }: { readonly answer: ImportAnswer; readonly tools: readonly string[] }) => {
  const { t } = useTranslation()
  const { counts, files } = answer
  return (
    <Card component="section" aria-label={t('bring.files')}>
      <Text component="h2" fw={600} className="break">
        {tools.map((tool) => (tool === 'list' ? t('bring.list') : tool)).join(', ')}
      </Text>
      <div className={`${classes.files} quiet`}>
        {files.slice(0, 12).map(({ name }) => (
          <span key={name} className="break">
            {name}
          </span>
        ))}
        {files.length > 12 && <span>{t('bring.more', { count: files.length - 12 })}</span>}
      </div>
      {counts && (
        <div className={classes.counts} role="status">
          {COUNTED.filter((of) => counts[of] > 0).map((of) => (
            <span key={of} className={classes[of]}>
              {t(`bring.${of}`, { count: counts[of] })}
            </span>
          ))}
        </div>
      )}
    </Card>
  )
}

const Refusal = ({ refused }: Pick<ShownRefusal, 'refused'>) => {
  const { t } = useTranslation()
  return (
    <Alert color="red" variant="light" title={t('bring.refused')} role="alert">
      {refused.map(({ place, why }) => (
        <Text key={`${place} ${why.code}`} size="sm" className="break">
          {place && <strong>{place}: </strong>}
          {whyText(why)}.
        </Text>
      ))}
    </Alert>
  )
}

/** What an upload would do, and the button that does it; afterwards, what it did. */
export const ShownUpload = ({ answer, read, apply, begin }: Bringing & { readonly answer: ImportAnswer }) => {
  const { t } = useTranslation()
  const [prune, setPrune] = useState(false)
  const { plan, counts, status, histories } = answer
  if (!plan) return null
  const refusal = isRefusal(plan)
  const applied = status === 'applied'
  const busy = read.isPending || apply.isPending
  const moves = (counts?.created ?? 0) + (counts?.changed ?? 0) + (prune ? (counts?.surplus ?? 0) : 0)
  const worth = moves > 0 || (counts?.history ?? false)
  const failure = read.error ?? apply.error
  return (
    <Stack>
      {!refusal && <Head answer={answer} tools={plan.tools} />}
      {refusal && <Refusal refused={plan.refused} />}
      {applied && (
        <Alert color="green" variant="light" title={t('bring.done')} role="status">
          {histories !== null && histories > 0 && t('bring.doneHistory', { count: histories })}
        </Alert>
      )}
      {failure && <Failure error={failure} />}
      {plan.table && !applied && (
        <TableColumns table={plan.table} busy={busy} choose={(columns) => read.mutate({ kind: 'list', columns })} />
      )}
      {!refusal && (
        <>
          {counts?.history && !applied && (
            <Text size="sm" className="quiet">
              {t('bring.history')}
            </Text>
          )}
          <WasDown down={plan.down} />
          {!applied && <Surplus surplus={plan.surplus} prune={prune} setPrune={setPrune} />}
          <LeftOut title={t('bring.leftTitle')} left={plan.left} />
          {!plan.table && <LeftOut title={t('bring.remarks')} left={plan.remarks} />}
          <Items items={plan.items} />
        </>
      )}
      <div className={classes.foot}>
        {!applied && !refusal && (
          <Text size="sm" className="quiet">
            {apply.isPending ? t('bring.storing') : read.isPending ? t('bring.reading') : t('bring.nothing')}
          </Text>
        )}
        <Group gap="xs">
          {refusal &&
            answer.files.length === 1 &&
            plan.refused.some(({ why }) => why.code === 'import_not_recognised') && (
              <Button loading={read.isPending} onClick={() => read.mutate({ kind: 'list' })}>
                {t('bring.asList')}
              </Button>
            )}
          <Button variant="default" disabled={busy} onClick={begin}>
            {t('bring.again')}
          </Button>
          {applied && (
            <Button component={Link} href="/">
              {t('bring.toOverview')}
            </Button>
          )}
          {!applied && !refusal && (
            <Button disabled={!worth || read.isPending} loading={apply.isPending} onClick={() => apply.mutate(prune)}>
              {worth ? t('bring.apply', { count: moves }) : t('bring.applyNone')}
            </Button>
          )}
        </Group>
      </div>
    </Stack>
  )
}
