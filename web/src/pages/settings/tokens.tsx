import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { allOf } from '../../api/all-of.ts'
import { api } from '../../api/client.ts'
import type { Page, Role } from '../../api/types.ts'
import { Columns } from '../../components/columns.tsx'
import { confirm } from '../../components/confirm.tsx'
import { CopyText } from '../../components/copy-text.tsx'
import { ExportButton } from '../../components/export-button.tsx'
import { Icon } from '../../components/icon.tsx'
import { Loaded } from '../../components/page.tsx'
import { Ago, Moment } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'
import { useAct } from '../../lib/use-act.ts'
import { Section } from './section.tsx'
import { WallLink } from './wall-link.tsx'

interface Token {
  readonly id: number
  readonly name: string
  readonly prefix: string
  readonly role: Role
  readonly created_by: string
  readonly last_used_at: string | null
  readonly expires_at: string | null
  readonly revoked_at: string | null
}

const ROLES: readonly Role[] = ['viewer', 'operator', 'administrator']

const Tokens = () => (
  <>
    <ApiTokens />
    <WallLink />
  </>
)
export default Tokens

const ApiTokens = () => {
  const { t } = useTranslation()
  const [opened, { open, close }] = useDisclosure()
  const { act } = useAct('tokens')
  const tokens = useQuery({ queryKey: ['tokens'], queryFn: async () => (await api.get<Page<Token>>('/tokens')).items })
  const revoke = async ({ id, name }: Token) => {
    if (await confirm(t('settings.revokeToken', { name }), t('settings.revokeHint'), t('settings.revoke')))
      await act(() => api.delete(`/tokens/${id}`))
  }
  const head = [t('words.name'), t('settings.role'), t('settings.lastUsed'), t('settings.ends')]
  /** What lets nobody in: a token itself is nowhere. */
  const rows = async () => {
    const { stamp } = await import('../../lib/save-csv.ts')
    return (await allOf<Token>('/tokens')).map(({ name, role, last_used_at, expires_at, revoked_at }) => [
      name,
      t(`words.${role}`),
      last_used_at ? stamp(last_used_at) : t('settings.never'),
      revoked_at ? t('settings.revoked') : expires_at ? stamp(expires_at) : t('words.never'),
    ])
  }
  return (
    <Section
      title={t('settings.sections.tokens')}
      hint={t('settings.tokenHint')}
      actions={
        <Group gap="xs">
          <ExportButton name={t('settings.sections.tokens')} head={head} rows={rows} />
          <Button leftSection={<Icon name="plus" />} onClick={open}>
            {t('settings.newToken')}
          </Button>
        </Group>
      }
    >
      <Loaded query={tokens}>
        {(items) =>
          items.length === 0 ? (
            <Text className="quiet">{t('settings.noTokens')}</Text>
          ) : (
            <Wide>
              <table className="plain">
                <Columns names={head} actions />
                <tbody>
                  {items.map((token) => (
                    <tr key={token.id} style={{ opacity: token.revoked_at ? 0.75 : 1 }}>
                      <td className="break">
                        <b>{token.name}</b> <span className="mono quiet">{token.prefix}…</span>
                      </td>
                      <td>{t(`words.${token.role}`)}</td>
                      <td>{token.last_used_at ? <Ago at={token.last_used_at} /> : t('settings.never')}</td>
                      <td>
                        {token.revoked_at ? (
                          t('settings.revoked')
                        ) : token.expires_at ? (
                          <Moment at={token.expires_at} />
                        ) : (
                          t('words.never')
                        )}
                      </td>
                      <td style={{ textAlign: 'right' }}>
                        {!token.revoked_at && (
                          <Button size="xs" variant="default" onClick={() => void revoke(token)}>
                            {t('settings.revoke')}
                          </Button>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Wide>
          )
        }
      </Loaded>
      <Modal opened={opened} onClose={close} title={t('settings.newToken')}>
        <NewToken />
      </Modal>
    </Section>
  )
}

const NewToken = () => {
  const { t } = useTranslation()
  const { act, busy } = useAct('tokens')
  const [role, setRole] = useState<string>('operator')
  const [made, setMade] = useState('')
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const expires = String(form.get('expires')).trim()
    void act(async () => {
      const { token } = await api.post<{ token: string }>('/tokens', {
        name: String(form.get('token')),
        role,
        ...(expires !== '' && { expires }),
      })
      setMade(token)
    })
  }
  if (made !== '')
    return (
      <Stack>
        <Alert color="teal">{t('settings.tokenMade')}</Alert>
        <CopyText text={made} />
      </Stack>
    )
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput name="token" label={t('words.name')} required maxLength={64} autoComplete="off" data-autofocus />
        <Select
          label={t('settings.role')}
          data={ROLES.map((value) => ({ value, label: t(`words.${value}`) }))}
          value={role}
          onChange={(value) => value && setRole(value)}
          allowDeselect={false}
        />
        <TextInput name="expires" label={t('settings.expires')} maxLength={20} autoComplete="off" />
        <Button type="submit" loading={busy}>
          {t('words.save')}
        </Button>
      </Stack>
    </form>
  )
}
