import { Alert, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../../components/error-text.ts'

/** What templates come to for one event. */
export interface Written {
  readonly subject: string
  readonly text: string
  readonly html: string
}

interface Props {
  readonly written: Written | undefined
  readonly error: Error | null
}

/** What templates come to as one types, or why they come to nothing. */
export const TemplatePreview = ({ written, error }: Props) => {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const [shown, setShown] = useState<'text' | 'html'>('text')
  return (
    <div aria-live="polite">
      {error && (
        <Alert color="red" variant="light">
          {errorText(error)}
        </Alert>
      )}
      {written && !error && (
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
              {written.subject}
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
              {written.text}
            </pre>
          ) : (
            // What people wrote may hold anything: it runs no script and reaches nothing.
            <iframe
              title={t('rules.preview')}
              sandbox=""
              srcDoc={written.html}
              style={{ width: '100%', height: 320, border: 0, background: '#fff', borderRadius: '0 0 8px 8px' }}
            />
          )}
        </div>
      )}
    </div>
  )
}
