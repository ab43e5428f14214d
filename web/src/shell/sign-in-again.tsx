import { Button, getDefaultZIndex, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../api/queries.ts'
import { type SignInAnswer, sessionEnded, signIn } from '../api/session.ts'
import { useSignal } from '../lib/signal.ts'

/** Over whatever one was doing when the session ended, other dialogs too: afterwards it goes on where it was. */
export const SignInAgain = () => {
  const { t } = useTranslation()
  const ended = useSignal(sessionEnded)
  const client = useQueryClient()
  const { data: me } = useMe()
  const [failed, setFailed] = useState<Exclude<SignInAnswer, 'ok'>>()
  const [busy, setBusy] = useState(false)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '')
    setBusy(true)
    const answer = await signIn(text('name'), text('password'), text('code'))
    setBusy(false)
    setFailed(answer === 'ok' ? undefined : answer)
    // Whoever signs in now may be somebody else, with another role.
    if (answer === 'ok') void client.invalidateQueries()
  }

  return (
    <Modal
      opened={ended}
      onClose={() => {}}
      withCloseButton={false}
      title={t('shell.session.title')}
      centered
      zIndex={getDefaultZIndex('max')}
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
          <TextInput
            name="name"
            label={t('words.name')}
            defaultValue={me?.name}
            autoComplete="username"
            required
            data-autofocus={me === undefined || undefined}
          />
          <PasswordInput
            name="password"
            label={t('shell.session.password')}
            autoComplete="current-password"
            required
            data-autofocus={me !== undefined || undefined}
          />
          <TextInput name="code" label={t('shell.session.code')} autoComplete="one-time-code" />
          <Button type="submit" loading={busy}>
            {t('shell.session.signIn')}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
