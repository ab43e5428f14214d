import {
  Button,
  Checkbox,
  Chip,
  Group,
  MultiSelect,
  NativeSelect,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChannels, useMonitors } from '../../api/queries.ts'
import { Failure } from '../../components/page.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import classes from './calendar.module.css'
import { MatchRows } from './match-rows.tsx'
import { WindowPreview } from './preview.tsx'
import { bodyOf, cronOf, type Draft, matchersOf } from './window-draft.ts'
import { weekdayNames } from './words.tsx'

const AHEAD = ['1h', '4h', '1d', '2d', '7d'] as const
const LISTED = 100

interface Props {
  readonly draft: Draft
  /** Whether it comes once or again is settled: it is changed. */
  readonly settled?: boolean
  readonly save: (body: ReturnType<typeof bodyOf>, repeats: boolean) => Promise<unknown>
  readonly close: () => void
}

interface PartProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly faults: Readonly<Record<string, string>>
}

/** The first fault of a place or of anything within it. */
const faultAt = (faults: PartProps['faults'], place: string): string | undefined =>
  Object.entries(faults).find(([path]) => path === place || path.startsWith(`${place}.`))?.[1]

/** Plans a maintenance window, and shows whom it hits before it is saved. */
export const WindowForm = ({ draft: first, settled = false, save, close }: Props) => {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(first)
  const [busy, setBusy] = useState(false)
  const { error, faults, clear, fail, lacks } = useFaults()
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const submit = async () => {
    clear()
    const missing = [
      ...(draft.name.trim() === '' ? ['name'] : []),
      ...(matchersOf(draft).length === 0 ? ['matchers'] : []),
    ]
    if (lacks(missing)) return
    setBusy(true)
    try {
      await save(bodyOf(draft), draft.repeats)
      close()
    } catch (failure) {
      fail(failure)
    } finally {
      setBusy(false)
    }
  }
  const part = { draft, set, faults }
  const { repeats, behind, zone, length } = draft
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Stack>
        <TextInput
          label={t('calendar.form.name')}
          placeholder={t('calendar.form.namePlaceholder')}
          name="name"
          value={draft.name}
          error={faults.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          maxLength={200}
          data-autofocus
        />
        <What {...part} />
        <When {...part} settled={settled} />
        <WindowPreview
          body={{
            matchers: matchersOf(draft),
            behind,
            time_zone: zone,
            ...(repeats && length.trim() !== '' && { cron: cronOf(draft), duration: length.trim() }),
          }}
        />
        <Textarea
          label={t('calendar.form.note')}
          value={draft.note}
          onChange={({ currentTarget }) => set({ note: currentTarget.value })}
          maxLength={2000}
          autosize
          minRows={1}
        />
        <Telling {...part} />
        {error !== undefined && <Failure error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('words.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {settled ? t('words.save') : t('calendar.form.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const What = ({ draft, set, faults }: PartProps) => {
  const { t } = useTranslation()
  const { data: monitors = [] } = useMonitors()
  const labels = [...new Set(monitors.flatMap((monitor) => Object.keys(monitor.labels ?? {})))].toSorted()
  const values = [...new Set(monitors.flatMap((monitor) => monitor.labels?.[draft.label] ?? []))].toSorted()
  const fault = faultAt(faults, 'matchers')
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600} component="span">
        {t('calendar.form.what')}
      </Text>
      <SegmentedControl
        aria-label={t('calendar.form.what')}
        data={[
          { value: 'monitor', label: t('calendar.form.byMonitor') },
          { value: 'label', label: t('calendar.form.byLabel') },
          { value: 'match', label: t('calendar.form.byMatch') },
        ]}
        value={draft.by}
        onChange={(by) => set({ by: by as Draft['by'] })}
      />
      {draft.by === 'monitor' && (
        <MultiSelect
          aria-label={t('calendar.form.monitors')}
          placeholder={draft.monitors.length === 0 ? t('calendar.form.monitors') : ''}
          name="matchers"
          data={[...new Set([...monitors.map(({ name }) => name), ...draft.monitors])]}
          value={[...draft.monitors]}
          onChange={(chosen) => set({ monitors: chosen })}
          searchable
          limit={LISTED}
          error={fault}
        />
      )}
      {draft.by === 'label' && (
        <Group grow align="flex-start">
          <Select
            label={t('calendar.form.label')}
            data={draft.label && !labels.includes(draft.label) ? [draft.label, ...labels] : labels}
            value={draft.label || null}
            onChange={(label) => set({ label: label ?? '', values: [] })}
            searchable
            limit={LISTED}
            error={fault}
          />
          <TagsInput
            label={t('calendar.form.values')}
            data={values}
            value={[...draft.values]}
            onChange={(chosen) => set({ values: chosen })}
            limit={LISTED}
            acceptValueOnBlur
          />
        </Group>
      )}
      {draft.by === 'match' && <MatchRows rows={draft.rows} onChange={(rows) => set({ rows })} error={fault} />}
      <Checkbox
        label={t('calendar.form.behind')}
        description={t('calendar.form.behindHint')}
        checked={draft.behind}
        onChange={({ currentTarget }) => set({ behind: currentTarget.checked })}
      />
    </Stack>
  )
}

const When = ({ draft, set, faults, settled }: PartProps & { readonly settled: boolean }) => {
  const { t } = useTranslation()
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600} component="span">
        {t('calendar.form.when')}
      </Text>
      {!settled && (
        <SegmentedControl
          aria-label={t('calendar.form.when')}
          data={[
            { value: 'once', label: t('calendar.form.once') },
            { value: 'again', label: t('calendar.form.again') },
          ]}
          value={draft.repeats ? 'again' : 'once'}
          onChange={(value) => set({ repeats: value === 'again' })}
        />
      )}
      {draft.repeats ? (
        <Again draft={draft} set={set} faults={faults} />
      ) : (
        <Group align="flex-start" className={classes.fields ?? ''}>
          <TextInput
            type="datetime-local"
            label={t('calendar.from')}
            name="starts_at"
            value={draft.from}
            error={faults.starts_at}
            onChange={({ currentTarget }) => set({ from: currentTarget.value })}
          />
          <TextInput
            type="datetime-local"
            label={t('calendar.until')}
            name="ends_at"
            value={draft.until}
            error={faults.ends_at}
            onChange={({ currentTarget }) => set({ until: currentTarget.value })}
          />
        </Group>
      )}
      <Text size="sm" className="quiet">
        {t('calendar.form.zone', { zone: draft.zone })}
      </Text>
    </Stack>
  )
}

const Again = ({ draft, set, faults }: PartProps) => {
  const { t } = useTranslation()
  const { every } = draft
  return (
    <Stack gap="xs">
      <Group align="flex-start" className={classes.fields ?? ''}>
        <NativeSelect
          label={t('calendar.form.every')}
          data={(['weekly', 'monthly', 'cron'] as const).map((value) => ({
            value,
            label: t(`calendar.form.${value}`),
          }))}
          value={every}
          onChange={({ currentTarget }) => set({ every: currentTarget.value as Draft['every'] })}
        />
        {every === 'monthly' && (
          <TextInput
            type="number"
            min={1}
            max={31}
            label={t('calendar.form.monthDay')}
            value={draft.monthDay}
            error={faults.cron}
            onChange={({ currentTarget }) => set({ monthDay: currentTarget.value })}
          />
        )}
        {every === 'cron' ? (
          <TextInput
            label={t('calendar.form.cron')}
            description={t('calendar.form.cronHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            name="cron"
            value={draft.cron}
            error={faults.cron}
            onChange={({ currentTarget }) => set({ cron: currentTarget.value })}
          />
        ) : (
          <TextInput
            type="time"
            label={t('calendar.form.at')}
            value={draft.at}
            error={every === 'weekly' ? faults.cron : undefined}
            onChange={({ currentTarget }) => set({ at: currentTarget.value })}
          />
        )}
        <TextInput
          label={t('calendar.form.length')}
          description={t('calendar.form.lengthHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          name="duration"
          value={draft.length}
          error={faults.duration}
          onChange={({ currentTarget }) => set({ length: currentTarget.value })}
        />
      </Group>
      {every === 'weekly' && (
        <div>
          <Text size="sm" fw={600} mb={4} component="div">
            {t('calendar.form.weekdays')}
          </Text>
          <Chip.Group multiple value={[...draft.weekdays]} onChange={(weekdays) => set({ weekdays })}>
            <div className={classes.weekdays}>
              {weekdayNames().map(([value, name]) => (
                <Chip key={value} value={value} size="xs">
                  {name}
                </Chip>
              ))}
            </div>
          </Chip.Group>
        </div>
      )}
    </Stack>
  )
}

const Telling = ({ draft, set, faults }: PartProps) => {
  const { t } = useTranslation()
  const { data: channels = [] } = useChannels()
  const chosen = draft.channels.length > 0
  return (
    <Stack gap="xs">
      <MultiSelect
        label={t('calendar.form.tell')}
        description={chosen ? undefined : t('calendar.form.tellHint')}
        placeholder={chosen ? '' : t('calendar.form.channels')}
        name="tell"
        data={channels.map(({ name }) => name)}
        value={[...draft.channels]}
        onChange={(names) => set({ channels: names })}
        error={faultAt(faults, 'tell')}
        searchable
      />
      {chosen && (
        <Group align="flex-end">
          <NativeSelect
            label={t('calendar.form.ahead')}
            data={[
              { value: '', label: t('calendar.form.notAhead') },
              ...[...new Set([...AHEAD, draft.ahead])].filter(Boolean).map((value) => ({ value, label: value })),
            ]}
            value={draft.ahead}
            onChange={({ currentTarget }) => set({ ahead: currentTarget.value })}
          />
          <Checkbox
            label={t('calendar.form.begin')}
            checked={draft.begin}
            onChange={({ currentTarget }) => set({ begin: currentTarget.checked })}
            mb={8}
          />
          <Checkbox
            label={t('calendar.form.end')}
            checked={draft.end}
            onChange={({ currentTarget }) => set({ end: currentTarget.checked })}
            mb={8}
          />
        </Group>
      )}
    </Stack>
  )
}
