import { Button, Group, Menu, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { allOf } from '../../api/all-of.ts'
import { api } from '../../api/client.ts'
import type { Page, Role } from '../../api/types.ts'
import { Columns } from '../../components/columns.tsx'
import { confirm } from '../../components/confirm.tsx'
import { ExportButton } from '../../components/export-button.tsx'
import { Icon } from '../../components/icon.tsx'
import { Loaded } from '../../components/page.tsx'
import { Moment } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'
import { useAct } from '../../lib/use-act.ts'
import { Section } from './section.tsx'

interface User {
  readonly id: number
  readonly name: string
  readonly role: Role
  readonly language: 'en' | 'es' | null
  readonly enabled: boolean
  readonly totp: boolean
  readonly created_at: string
}

const ROLES: readonly Role[] = ['viewer', 'operator', 'administrator']

const useRoles = () => {
  const { t } = useTranslation()
  return ROLES.map((value) => ({ value, label: t(`words.${value}`) }))
}

const Users = () => {
  const { t } = useTranslation()
  const [opened, { open, close }] = useDisclosure()
  const users = useQuery({ queryKey: ['users'], queryFn: async () => (await api.get<Page<User>>('/users')).items })
  const head = [t('settings.userName'), t('settings.role'), t('settings.factor'), t('settings.created')]
  const rows = async () => {
    const { stamp } = await import('../../lib/save-csv.ts')
    return (await allOf<User>('/users')).map(({ name, role, totp, created_at, enabled }) => [
      name,
      t(`words.${role}`),
      t(totp ? 'words.yes' : 'words.no'),
      stamp(created_at),
      t(enabled ? 'words.enabled' : 'words.disabled'),
    ])
  }
  return (
    <Section
      title={t('settings.sections.users')}
      hint={t('settings.roleHint')}
      actions={
        <Group gap="xs">
          <ExportButton name={t('settings.sections.users')} head={[...head, t('words.state')]} rows={rows} />
          <Button leftSection={<Icon name="plus" />} onClick={open}>
            {t('settings.newUser')}
          </Button>
        </Group>
      }
    >
      <Loaded query={users}>
        {(items) => (
          <Wide>
            <table className="plain">
              <Columns names={head} actions />
              <tbody>
                {items.map((user) => (
                  <Line key={user.id} user={user} />
                ))}
              </tbody>
            </table>
          </Wide>
        )}
      </Loaded>
      <Modal opened={opened} onClose={close} title={t('settings.newUser')}>
        <NewUser done={close} />
      </Modal>
    </Section>
  )
}
export default Users

const NewUser = ({ done }: { readonly done: () => void }) => {
  const { t } = useTranslation()
  const roles = useRoles()
  const { act, busy } = useAct('users')
  const [role, setRole] = useState<string>('operator')
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const name = String(form.get('user'))
    if (
      await act(
        () => api.post('/users', { name, password: String(form.get('password')), role }),
        t('settings.userCreated', { name }),
      )
    )
      done()
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <TextInput
          name="user"
          label={t('settings.userName')}
          required
          maxLength={64}
          autoComplete="off"
          data-autofocus
        />
        <PasswordInput name="password" label={t('settings.password')} required autoComplete="new-password" />
        <Select
          label={t('settings.role')}
          data={roles}
          value={role}
          onChange={(value) => value && setRole(value)}
          allowDeselect={false}
        />
        <Button type="submit" loading={busy}>
          {t('words.save')}
        </Button>
      </Stack>
    </form>
  )
}

const Line = ({ user }: { readonly user: User }) => {
  const { t } = useTranslation()
  const roles = useRoles()
  const { act } = useAct('users')
  const [resetting, { open, close }] = useDisclosure()
  const { id, name } = user
  const change = (body: object, undo?: object) =>
    act(
      () => api.patch(`/users/${id}`, body),
      t('settings.userChanged', { name }),
      undo && (() => void act(() => api.patch(`/users/${id}`, undo))),
    )
  const remove = async () => {
    if (await confirm(t('settings.deleteUser', { name }), t('settings.deleteUserHint'), t('words.delete')))
      await act(() => api.delete(`/users/${id}`))
  }
  const forget = async () => {
    if (await confirm(t('settings.resetFactor'), t('settings.resetFactorHint'), t('settings.resetFactor')))
      await change({ totp: false })
  }
  return (
    <tr>
      <td className="break">
        <b>{name}</b> {!user.enabled && <span className="quiet">({t('words.disabled').toLowerCase()})</span>}
      </td>
      <td>
        <Select
          size="xs"
          w={150}
          aria-label={`${t('settings.role')}: ${name}`}
          data={roles}
          value={user.role}
          onChange={(role) => role && void change({ role }, { role: user.role })}
          allowDeselect={false}
        />
      </td>
      <td>{t(user.totp ? 'words.yes' : 'words.no')}</td>
      <td className="quiet">
        <Moment at={user.created_at} />
      </td>
      <td style={{ textAlign: 'right' }}>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="xs" variant="default" aria-label={`${t('words.actions')}: ${name}`}>
              {t('words.actions')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={open}>{t('settings.resetPassword')}</Menu.Item>
            {user.totp && <Menu.Item onClick={() => void forget()}>{t('settings.resetFactor')}</Menu.Item>}
            <Menu.Item onClick={() => void change({ enabled: !user.enabled }, { enabled: user.enabled })}>
              {t(user.enabled ? 'settings.disable' : 'settings.enable')}
            </Menu.Item>
            <Menu.Item c="var(--state-down-text)" onClick={() => void remove()}>
              {t('words.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Modal opened={resetting} onClose={close} title={t('settings.resetPasswordFor', { name })}>
          <form
            onSubmit={(event) => {
              event.preventDefault()
              const password = String(new FormData(event.currentTarget).get('password'))
              void change({ password }).then((done) => done && close())
            }}
          >
            <Stack>
              <PasswordInput
                name="password"
                label={t('settings.newPassword')}
                required
                autoComplete="new-password"
                data-autofocus
              />
              <Group justify="flex-end">
                <Button type="submit">{t('words.save')}</Button>
              </Group>
            </Stack>
          </form>
        </Modal>
      </td>
    </tr>
  )
}
