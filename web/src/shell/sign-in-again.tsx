import { Button, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sessionEnded, signIn } from '../api/session.ts'
import { useSignal } from '../lib/signal.ts'

/** Over whatever one was doing when the session ended: afterwards it goes on where it was. */
export const SignInAgain = () => {
  const { t } = useTranslation()
  const ended = useSignal(sessionEnded)
  const [failed, setFailed] = useState<'wrong' | 'locked'>()
  const [busy, setBusy] = useState(false)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '')
    setBusy(true)
    const answer = await signIn(text('name'), text('password'), text('code')).catch(() => 'locked' as const)
    setBusy(false)
    setFailed(answer === 'ok' ? undefined : answer)
  }

  return (
    <Modal
      opened={ended}
      onClose={() => {}}
      withCloseButton={false}
      title={t('shell.session.title')}
      centered
      closeOnEscape={false}
      closeOnClickOutside={false}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text className="quiet">{t('shell.session.text')}</Text>
          {failed && (
            <Text c="var(--state-down-text)" role="alert">
              {t(`shell.session.${failed}`)}
            </Text>
          )}
          <TextInput name="name" label={t('words.name')} autoComplete="username" required data-autofocus />
          <PasswordInput name="password" label={t('shell.session.password')} autoComplete="current-password" required />
          <TextInput name="code" label={t('shell.session.code')} autoComplete="one-time-code" />
          <Button type="submit" loading={busy}>
            {t('shell.session.signIn')}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
