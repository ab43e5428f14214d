import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Page } from '../../api/types.ts'
import { Loaded } from '../../components/page.tsx'
import { Ago } from '../../components/time.tsx'
import { useAct } from '../../lib/use-act.ts'
import { SecondFactor } from './second-factor.tsx'
import { Section } from './section.tsx'

interface Session {
  readonly id: number
  readonly current: boolean
  readonly address: string
  readonly user_agent: string
  readonly last_used_at: string
}

const Account = () => (
  <>
    <Password />
    <SecondFactor />
    <Sessions />
  </>
)
export default Account

const Password = () => {
  const { t } = useTranslation()
  const { act, busy } = useAct('sessions')
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const change = async () => {
    const done = await act(
      () => api.post('/me/password', { current_password: current, password: next }),
      t('settings.passwordChanged'),
    )
    if (!done) return
    setCurrent('')
    setNext('')
  }
  return (
    <Section title={t('settings.password')} hint={t('settings.passwordHint')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void change()
        }}
      >
        <Stack maw={380}>
          <PasswordInput
            label={t('settings.currentPassword')}
            autoComplete="current-password"
            required
            value={current}
            onChange={({ currentTarget }) => setCurrent(currentTarget.value)}
          />
          <PasswordInput
            label={t('settings.newPassword')}
            autoComplete="new-password"
            required
            value={next}
            onChange={({ currentTarget }) => setNext(currentTarget.value)}
          />
          <Button type="submit" loading={busy} w="fit-content">
            {t('words.save')}
          </Button>
        </Stack>
      </form>
    </Section>
  )
}

const Sessions = () => {
  const { t } = useTranslation()
  const { act } = useAct('sessions')
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: async () => (await api.get<Page<Session>>('/me/sessions')).items,
  })
  return (
    <Section title={t('settings.sessions')}>
      <Loaded query={sessions}>
        {(items) => (
          <Stack gap="xs">
            {items.map((session) => (
              <Group key={session.id} justify="space-between" wrap="nowrap" fz="sm">
                <div style={{ minWidth: 0 }}>
                  <Text size="sm">
                    {session.address} {session.current && <b>({t('settings.session.current')})</b>}
                  </Text>
                  <Text size="sm" className="quiet clip">
                    {t('settings.session.lastUsed')} <Ago at={session.last_used_at} />, {session.user_agent}
                  </Text>
                </div>
                {!session.current && (
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() =>
                      void act(() => api.delete(`/me/sessions/${session.id}`), t('settings.session.ended'))
                    }
                  >
                    {t('settings.session.end')}
                  </Button>
                )}
              </Group>
            ))}
          </Stack>
        )}
      </Loaded>
    </Section>
  )
}
