import { Select, Text, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Event } from '../../api/types.ts'
import { dayTime } from '../../lib/format.ts'
import { type Draft, templatesOf } from './draft.ts'
import { TemplatePreview, type Written } from './template-preview.tsx'

const SETTLE_MS = 400

interface Props {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly faults: Readonly<Record<string, string>>
  readonly events: readonly Event[]
}

/** An event as it would be sent: without what the server added. */
const asSent = ({ id: _, source: __, received_at: ___, ...sent }: Event): object => sent

const invented = (type: string): object => ({
  type: type || 'custom',
  severity: 'HIGH',
  subject: '192.0.2.10',
  ip: '192.0.2.10',
  message: 'example',
})

const AREAS = [
  { part: 'text', label: 'rules.templateText', rows: 3 },
  { part: 'html', label: 'rules.templateHtml', rows: 1 },
] as const

/** Templates with their result on a real event beside them, as one types. */
export const TemplateFields = ({ draft, set, faults, events }: Props) => {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState('')
  const event = events.find(({ id }) => String(id) === chosen) ?? events[0]
  const [asked] = useDebouncedValue(
    JSON.stringify({ templates: templatesOf(draft), event: event ? asSent(event) : invented(draft.type) }),
    SETTLE_MS,
  )
  const preview = useQuery({
    queryKey: ['preview', asked],
    queryFn: () => api.post<Written>('/rules/preview', JSON.parse(asked)),
    placeholderData: (before) => before,
    gcTime: 0,
    retry: false,
  })
  const template = (part: keyof Draft['templates'], text: string) =>
    set({ templates: { ...draft.templates, [part]: text } })
  const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }
  return (
    <>
      <Text size="sm" className="quiet">
        {t('rules.textHint', { fields: '{{ subject }}, {{ ip }}, {{ event.at }}' })}
      </Text>
      <TextInput
        label={t('rules.templateSubject')}
        name="templates.subject"
        styles={mono}
        value={draft.templates.subject}
        error={faults['templates.subject']}
        onChange={({ currentTarget }) => template('subject', currentTarget.value)}
        maxLength={1000}
      />
      {AREAS.map(({ part, label, rows }) => (
        <Textarea
          key={part}
          label={t(label)}
          name={`templates.${part}`}
          styles={mono}
          autosize
          minRows={rows}
          maxRows={14}
          value={draft.templates[part]}
          error={faults[`templates.${part}`]}
          onChange={({ currentTarget }) => template(part, currentTarget.value)}
        />
      ))}
      {events.length > 0 ? (
        <Select
          label={t('rules.previewOf')}
          data={events
            .slice(0, 20)
            .map(({ id, subject, at }) => ({ value: String(id), label: `${subject}, ${dayTime(at)}` }))}
          value={event ? String(event.id) : null}
          onChange={(value) => setChosen(value ?? '')}
          allowDeselect={false}
        />
      ) : (
        <Text size="sm" className="quiet">
          {t('rules.noEvent')}
        </Text>
      )}
      <TemplatePreview written={preview.data} error={preview.error} />
    </>
  )
}
