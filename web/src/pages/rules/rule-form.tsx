import {
  Autocomplete,
  Button,
  Card,
  Fieldset,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChannels, useEvents } from '../../api/queries.ts'
import type { Severity } from '../../api/types.ts'
import { Failure } from '../../components/page.tsx'
import { FormFooter } from '../../forms/form-footer.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import { useLeaveGuard } from '../../forms/use-leave-guard.ts'
import { EVENT_TYPES } from '../events/event-types.ts'
import { Backtest } from './backtest.tsx'
import { ConditionBuilder } from './condition-builder.tsx'
import type { Draft } from './draft.ts'
import { TemplateFields } from './template-fields.tsx'

const SEVERITIES: readonly Severity[] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']
const SAMPLES = 50
/** Fields of an event that say nothing about what happened. */
const OWN_FIELDS = new Set(['id', 'source', 'received_at', 'at'])

interface Props {
  readonly initial: Draft
  readonly save: (draft: Draft) => Promise<void>
  readonly cancel: () => void
  readonly actions?: ReactNode
}

export const RuleForm = ({ initial, save, cancel, actions }: Props) => {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(initial)
  const { error, faults, ...problems } = useFaults()
  const [busy, setBusy] = useState(false)
  const [changed, setChanged] = useState(false)
  useLeaveGuard(changed && !busy)
  const { data: channels = [] } = useChannels()
  const { data: events = [] } = useEvents(
    draft.type === '' || draft.type === 'custom' ? undefined : draft.type,
    SAMPLES,
  )
  const fields = [...new Set(events.flatMap((event) => Object.keys(event)))]
    .filter((name) => !OWN_FIELDS.has(name))
    .sort()
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }))
    setChanged(true)
  }
  const submit = async () => {
    if (problems.lacks((['name', 'type'] as const).filter((name) => draft[name].trim() === ''))) return
    setBusy(true)
    try {
      await save(draft)
      setChanged(false)
    } catch (failure) {
      window.scrollTo({ top: 0 })
      problems.fail(failure instanceof SyntaxError ? new Error(t('forms.badJson')) : failure)
    }
    setBusy(false)
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Stack>
        {error !== undefined && <Failure error={error} />}
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Stack>
            <Part title={t('rules.which')}>
              <TextInput
                label={t('words.name')}
                name="name"
                required
                value={draft.name}
                error={faults.name}
                onChange={({ currentTarget }) => set({ name: currentTarget.value })}
                maxLength={200}
              />
              <Autocomplete
                label={t('rules.type')}
                description={t('rules.typeHint')}
                name="type"
                required
                data={[...EVENT_TYPES]}
                value={draft.type}
                error={faults.type}
                onChange={(type) => set({ type })}
              />
              <Select
                label={t('rules.minimum')}
                data={[
                  { value: '', label: t('rules.anySeverity') },
                  ...SEVERITIES.map((value) => ({ value, label: t(`words.${value}`) })),
                ]}
                value={draft.severity ?? ''}
                onChange={(value) => set({ severity: value ? (value as Severity) : null })}
                allowDeselect={false}
              />
              <Fieldset legend={t('rules.conditions')}>
                <Text size="sm" className="quiet" mb="xs">
                  {t(typeof draft.conditions === 'string' ? 'rules.badConditions' : 'rules.conditionsHint')}
                </Text>
                {typeof draft.conditions === 'string' ? (
                  <Textarea
                    aria-label={t('rules.conditions')}
                    autosize
                    minRows={4}
                    value={draft.conditions}
                    onChange={({ currentTarget }) => set({ conditions: currentTarget.value })}
                    styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
                  />
                ) : (
                  <ConditionBuilder
                    root={draft.conditions}
                    onChange={(conditions) => set({ conditions })}
                    fields={fields}
                  />
                )}
              </Fieldset>
              <RateFields draft={draft} set={set} fields={fields} faults={faults} />
              <Textarea
                label={t('words.description')}
                value={draft.description}
                onChange={({ currentTarget }) => set({ description: currentTarget.value })}
                maxLength={2000}
                autosize
              />
              <Switch
                label={t('rules.enabled')}
                checked={draft.enabled}
                onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
              />
            </Part>
          </Stack>
          <Stack>
            <Part title={t('rules.telling')}>
              <TagsInput
                label={t('words.channels')}
                description={draft.channels.length === 0 ? t('rules.noChannels') : undefined}
                data={channels.map(({ name }) => name)}
                value={[...draft.channels]}
                error={Object.entries(faults).find(([path]) => path.startsWith('channels'))?.[1]}
                onChange={(names) => set({ channels: names })}
                acceptValueOnBlur
              />
              <Group grow align="flex-end">
                <TextInput
                  label={t('rules.cooldownField')}
                  description={t('rules.cooldownHint')}
                  name="cooldown"
                  value={draft.cooldown}
                  error={faults.cooldown}
                  onChange={({ currentTarget }) => set({ cooldown: currentTarget.value.trim() })}
                />
                <Select
                  label={t('rules.scope')}
                  data={[
                    { value: 'subject', label: t('rules.scopeSubject') },
                    { value: 'rule', label: t('rules.scopeRule') },
                  ]}
                  value={draft.scope}
                  onChange={(value) => value && set({ scope: value as Draft['scope'] })}
                  allowDeselect={false}
                />
              </Group>
              <TagsInput
                label={t('rules.reminder')}
                description={t('rules.reminderHint')}
                value={[...draft.reminder]}
                error={Object.entries(faults).find(([path]) => path.startsWith('reminder'))?.[1]}
                onChange={(reminder) => set({ reminder })}
                acceptValueOnBlur
              />
              <TextInput
                label={t('rules.resolveAfter')}
                description={t('rules.resolveAfterHint')}
                name="resolve_after"
                value={draft.resolveAfter}
                error={faults.resolve_after}
                onChange={({ currentTarget }) => set({ resolveAfter: currentTarget.value.trim() })}
              />
              <Switch
                label={t('rules.recovery')}
                checked={draft.recovery ?? draft.type === 'monitor_state'}
                onChange={({ currentTarget }) => set({ recovery: currentTarget.checked })}
              />
            </Part>
            <Part title={t('rules.text')}>
              <TemplateFields draft={draft} set={set} faults={faults} events={events} />
            </Part>
          </Stack>
        </SimpleGrid>
        <Part title={t('rules.backtest')}>
          <Backtest draft={draft} />
        </Part>
        <FormFooter actions={actions}>
          <Button variant="default" onClick={cancel}>
            {t('words.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('words.save')}
          </Button>
        </FormFooter>
      </Stack>
    </form>
  )
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Card component="section">
    <Text component="h2" fw={600} mb="sm">
      {title}
    </Text>
    <Stack gap="md">{children}</Stack>
  </Card>
)

interface RateProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly fields: readonly string[]
  readonly faults: Readonly<Record<string, string>>
}

const RateFields = ({ draft: { rate }, set, fields, faults }: RateProps) => {
  const { t } = useTranslation()
  return (
    <div>
      <Switch
        label={t('rules.rate')}
        description={t('rules.rateHint')}
        checked={rate !== null}
        onChange={({ currentTarget }) =>
          set({ rate: currentTarget.checked ? { atLeast: 5, within: '10m', distinct: '', by: [] } : null })
        }
      />
      {rate && (
        <Group mt="xs" grow align="flex-start">
          <NumberInput
            label={t('rules.atLeast')}
            min={1}
            max={1000}
            value={rate.atLeast}
            error={faults['rate.at_least']}
            onChange={(value) => set({ rate: { ...rate, atLeast: Number(value) } })}
          />
          <TextInput
            label={t('rules.within')}
            name="rate.within"
            value={rate.within}
            error={faults['rate.within']}
            onChange={({ currentTarget }) => set({ rate: { ...rate, within: currentTarget.value.trim() } })}
          />
          <Autocomplete
            label={t('rules.distinct')}
            data={[...fields]}
            value={rate.distinct}
            onChange={(distinct) => set({ rate: { ...rate, distinct } })}
          />
          <TagsInput
            label={t('rules.by')}
            data={[...fields]}
            value={[...rate.by]}
            onChange={(by) => set({ rate: { ...rate, by } })}
            acceptValueOnBlur
          />
        </Group>
      )}
    </div>
  )
}
