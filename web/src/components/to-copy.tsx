import { Text } from '@mantine/core'
import { CopyText } from './copy-text.tsx'

interface Props {
  readonly hint: string
  readonly text: string
}

/** A text to take elsewhere, and what for. */
export const ToCopy = ({ hint, text }: Props) => (
  <>
    <Text size="sm" className="quiet" mb="xs">
      {hint}
    </Text>
    <CopyText text={text} gap="sm" />
  </>
)
