import { Group, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useChannels } from '../../api/queries.ts'
import type { Draft } from './draft.ts'
import { Part, type PartProps } from './part.tsx'

/** Who is told, and how often. */
export const Telling = ({ draft, set, faults }: PartProps) => {
  const { t } = useTranslation()
  const { data: channels = [] } = useChannels()
  return (
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
  )
}
