import { Button, Code, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { renderSVG } from 'uqr'
import { api } from '../../api/client.ts'
import { useMe } from '../../api/queries.ts'
import { useAct } from '../../lib/use-act.ts'
import { Section } from './section.tsx'

interface Begun {
  readonly secret: string
  readonly uri: string
}

/** Sets a second factor up, or takes it away; both ask for the password again. */
export const SecondFactor = () => {
  const { t } = useTranslation()
  const { data: me } = useMe()
  const { act, busy } = useAct('me')
  const [password, setPassword] = useState('')
  const [begun, setBegun] = useState<Begun>()
  const [code, setCode] = useState('')
  const [recovery, setRecovery] = useState<readonly string[]>()
  const body = { current_password: password }

  const begin = () =>
    act(async () => {
      setBegun(await api.post<Begun>('/me/totp', body))
      setPassword('')
    })
  const finish = () =>
    act(async () => {
      const { recovery_codes: codes } = await api.post<{ recovery_codes: readonly string[] }>('/me/totp/confirm', {
        code: code.trim(),
      })
      setRecovery(codes)
      setBegun(undefined)
      setCode('')
    })
  const remove = () =>
    act(async () => {
      await api.delete('/me/totp', body)
      setPassword('')
      setRecovery(undefined)
    }, t('settings.totpRemoved'))

  return (
    <Section title={t('settings.totp')} hint={t(me?.totp ? 'settings.totpOn' : 'settings.totpOff')}>
      {recovery && (
        <Stack gap="xs" mb="md">
          <Text fw={600}>{t('settings.totpDone')}</Text>
          <Code block tabIndex={0}>
            {recovery.join('\n')}
          </Code>
        </Stack>
      )}
      {begun ? (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void finish()
          }}
        >
          <Stack maw={380}>
            <Text size="sm">{t('settings.totpScan')}</Text>
            {/* An image, so that what the address holds is never markup. */}
            <img
              src={`data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(begun.uri, { border: 2 }))}`}
              width={200}
              height={200}
              alt="QR"
              style={{ background: '#fff', borderRadius: 8 }}
            />
            <Code block tabIndex={0}>
              {begun.secret}
            </Code>
            <TextInput
              label={t('settings.totpCode')}
              value={code}
              onChange={({ currentTarget }) => setCode(currentTarget.value)}
              autoComplete="one-time-code"
              inputMode="numeric"
              required
            />
            <Button type="submit" loading={busy} w="fit-content">
              {t('settings.totpFinish')}
            </Button>
          </Stack>
        </form>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void (me?.totp ? remove() : begin())
          }}
        >
          <Group align="flex-end">
            <PasswordInput
              label={t('settings.currentPassword')}
              w={300}
              autoComplete="current-password"
              required
              value={password}
              onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={busy}>
              {t(me?.totp ? 'settings.totpRemove' : 'settings.totpBegin')}
            </Button>
          </Group>
        </form>
      )}
    </Section>
  )
}
