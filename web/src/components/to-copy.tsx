import { Button, Code, CopyButton, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from './icon.tsx'

interface Props {
  readonly hint: string
  readonly text: string
}

/** A text to take elsewhere, with the button that copies it. */
export const ToCopy = ({ hint, text }: Props) => {
  const { t } = useTranslation()
  return (
    <>
      <Text size="sm" className="quiet" mb="xs">
        {hint}
      </Text>
      <Code block tabIndex={0} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {text}
      </Code>
      <Group justify="flex-end" mt="sm">
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
