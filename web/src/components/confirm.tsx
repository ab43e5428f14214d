import { Button, Group, Modal, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { createSignal, useSignal } from '../lib/signal.ts'

interface Question {
  readonly title: string
  readonly text: string
  readonly action: string
  readonly answer: (yes: boolean) => void
}

/** Above the dialogs that it may be asked from, and below the one to sign in again. */
const LAYER = 250

const question = createSignal<Question | undefined>(undefined)

/** Asks before something that cannot be undone; resolves to the answer. */
export const confirm = (title: string, text: string, action: string): Promise<boolean> =>
  new Promise((answer) => question.set({ title, text, action, answer }))

export const Confirmation = () => {
  const { t } = useTranslation()
  const asked = useSignal(question)
  const close = (yes: boolean) => {
    asked?.answer(yes)
    question.set(undefined)
  }
  return (
    <Modal opened={asked !== undefined} onClose={() => close(false)} title={asked?.title} zIndex={LAYER} centered>
      <Text mb="md">{asked?.text}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => close(false)} data-autofocus>
          {t('words.cancel')}
        </Button>
        <Button color="red.8" onClick={() => close(true)}>
          {asked?.action}
        </Button>
      </Group>
    </Modal>
  )
}
