import { ActionIcon, Button, Group, Menu, Modal, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearch } from 'wouter'
import { type FilterPage, type SavedFilter, useAtHand } from '../api/at-hand.ts'
import { api } from '../api/client.ts'
import { useMe } from '../api/queries.ts'
import { addTexts } from '../i18n/index.ts'
import { listMenu as texts } from '../i18n/texts/list-menu.ts'
import type { Cell } from '../lib/csv.ts'
import { useAct } from '../lib/use-act.ts'
import { useExport } from '../lib/use-export.ts'
import { Icon } from './icon.tsx'

addTexts('listMenu', texts)

const PATHS: Readonly<Record<FilterPage, string>> = { monitors: '/', alerts: '/alerts/active', events: '/events' }

export interface ListMenuProps {
  readonly page: FilterPage
  /** The columns of what is exported. */
  readonly head: readonly string[]
  readonly rows: () => Promise<readonly (readonly Cell[])[]>
  /** Begins to choose several; absent where nothing can be done to them. */
  readonly choose?: (() => void) | undefined
}

/** What one may do with a list: keep its filter under a name, choose several, take all of it along. */
const ListMenu = ({ page, head, rows, choose }: ListMenuProps) => {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const filter = useSearch()
  const { data: me } = useMe()
  const { data } = useAtHand()
  const { act } = useAct('at-hand')
  const { save } = useExport()
  const [naming, { open, close }] = useDisclosure()
  const filters = data?.filters.filter((one) => one.page === page) ?? []
  const forget = ({ id, name, filter: kept }: SavedFilter) =>
    act(
      () => api.delete(`/me/filters/${id}`),
      t('listMenu.forgotten', { name }),
      () => void act(() => api.post('/me/filters', { page, name, filter: kept })),
    )
  return (
    <>
      <Menu width={280} position="bottom-end" keepMounted={false}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t('listMenu.open')} title={t('listMenu.open')}>
            <Icon name="dots" size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {me?.kind === 'user' && (
            <>
              <Menu.Label>{t('listMenu.saved')}</Menu.Label>
              {filters.map((one) => (
                <Group key={one.id} gap={4} wrap="nowrap">
                  <Menu.Item
                    className="clip"
                    onClick={() => go(`${PATHS[page]}${one.filter && `?${one.filter}`}`)}
                    aria-current={one.filter === filter ? 'true' : undefined}
                  >
                    {one.name}
                  </Menu.Item>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('listMenu.forget', { name: one.name })}
                    onClick={() => void forget(one)}
                  >
                    <Icon name="cross" size={16} />
                  </ActionIcon>
                </Group>
              ))}
              <Menu.Item leftSection={<Icon name="plus" size={16} />} onClick={open} disabled={filter === ''}>
                {t('listMenu.save')}
              </Menu.Item>
              {filter === '' && filters.length === 0 && (
                <Text size="xs" className="quiet" px="sm" pb={6}>
                  {t('listMenu.hint')}
                </Text>
              )}
              <Menu.Divider />
            </>
          )}
          {choose && (
            <Menu.Item leftSection={<Icon name="check" size={16} />} onClick={choose}>
              {t('listMenu.choose')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<Icon name="down" size={16} />}
            onClick={() => void save(t(`listMenu.files.${page}`), head, rows)}
          >
            {t('words.exportCsv')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={naming} onClose={close} title={t('listMenu.save')}>
        <NameForm
          save={async (name) => {
            if (await act(() => api.post('/me/filters', { page, name, filter }), t('listMenu.kept', { name }))) close()
          }}
        />
      </Modal>
    </>
  )
}
export default ListMenu

const NameForm = ({ save }: { readonly save: (name: string) => Promise<void> }) => {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [missing, setMissing] = useState(false)
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setMissing(name.trim() === '')
        if (name.trim() !== '') void save(name.trim())
      }}
    >
      <TextInput
        name="name"
        label={t('words.name')}
        description={t('listMenu.nameHint')}
        maxLength={100}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        error={missing && t('forms.required')}
        data-autofocus
      />
      <Group justify="flex-end" mt="md">
        <Button type="submit">{t('words.save')}</Button>
      </Group>
    </form>
  )
}
