import { Alert, SegmentedControl, Select, Text, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Event } from '../../api/types.ts'
import { useErrorText } from '../../components/error-text.ts'
import { dayTime } from '../../lib/format.ts'
import { type Draft, templatesOf } from './draft.ts'

const SETTLE_MS = 400

interface Props {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly faults: Readonly<Record<string, string>>
  readonly events: readonly Event[]
}

interface Written {
  readonly subject: string
  readonly text: string
  readonly html: string
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

/** Templates with their result on a real event beside them, as one types. */
export const TemplateFields = ({ draft, set, faults, events }: Props) => {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const [chosen, setChosen] = useState('')
  const [shown, setShown] = useState<'text' | 'html'>('text')
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
      <Textarea
        label={t('rules.templateText')}
        name="templates.text"
        styles={mono}
        autosize
        minRows={3}
        maxRows={14}
        value={draft.templates.text}
        error={faults['templates.text']}
        onChange={({ currentTarget }) => template('text', currentTarget.value)}
      />
      <Textarea
        label={t('rules.templateHtml')}
        name="templates.html"
        styles={mono}
        autosize
        minRows={1}
        maxRows={14}
        value={draft.templates.html}
        error={faults['templates.html']}
        onChange={({ currentTarget }) => template('html', currentTarget.value)}
      />
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
      <div aria-live="polite">
        {preview.error && (
          <Alert color="red" variant="light">
            {errorText(preview.error)}
          </Alert>
        )}
        {preview.data && !preview.error && (
          <div style={{ border: '1px solid var(--line)', borderRadius: 8 }}>
            <div
              style={{
                display: 'flex',
                gap: 10,
                alignItems: 'center',
                padding: '8px 12px',
                borderBottom: '1px solid var(--line)',
              }}
            >
              <b className="break" style={{ flex: 1 }}>
                {preview.data.subject}
              </b>
              <SegmentedControl
                size="xs"
                aria-label={t('rules.preview')}
                data={[
                  { value: 'text', label: t('rules.templateText') },
                  { value: 'html', label: 'HTML' },
                ]}
                value={shown}
                onChange={(value) => setShown(value as 'text')}
              />
            </div>
            {shown === 'text' ? (
              <pre
                className="break"
                style={{
                  margin: 0,
                  padding: 12,
                  whiteSpace: 'pre-wrap',
                  fontFamily: 'inherit',
                  fontSize: 14,
                  maxHeight: 300,
                  overflow: 'auto',
                }}
              >
                {preview.data.text}
              </pre>
            ) : (
              // What people wrote may hold anything: it runs no script and reaches nothing.
              <iframe
                title={t('rules.preview')}
                sandbox=""
                srcDoc={preview.data.html}
                style={{ width: '100%', height: 320, border: 0, background: '#fff', borderRadius: '0 0 8px 8px' }}
              />
            )}
          </div>
        )}
      </div>
    </>
  )
}
