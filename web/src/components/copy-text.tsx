import { Button, Code, CopyButton, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from './icon.tsx'

/** A text as it is to be taken, and the button that copies it. */
export const CopyText = ({ text, gap }: { readonly text: string; readonly gap?: 'sm' }) => {
  const { t } = useTranslation()
  return (
    <>
      <Code block tabIndex={0} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {text}
      </Code>
      <Group justify="flex-end" {...(gap && { mt: gap })}>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button onClick={copy} leftSection={<Icon name={copied ? 'check' : 'copy'} />}>
              {t(copied ? 'words.copied' : 'words.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </>
  )
}
