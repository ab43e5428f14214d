import { Kbd, Modal, Table } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

const KEYS = [
  [['Ctrl', 'K'], 'palette'],
  [['?'], 'help'],
  [['/'], 'filter'],
  [['J', 'K'], 'move'],
  [['Enter'], 'choose'],
  [['G', 'O'], 'overview'],
  [['G', 'A'], 'alerts'],
  [['G', 'R'], 'rules'],
  [['G', 'E'], 'events'],
  [['G', 'S'], 'settings'],
  [['Esc'], 'escape'],
] as const

const PLACES: Readonly<Record<string, string>> = {
  o: '/',
  a: '/alerts/active',
  r: '/channels',
  e: '/events',
  s: '/settings',
}
const SEQUENCE_MS = 1500

/** Keys that work everywhere, and the list of them. */
export const Keys = () => {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [shown, setShown] = useState(false)
  const [begunAt, setBegunAt] = useState(0)
  useHotkeys([
    ['shift+?', () => setShown(true)],
    ['?', () => setShown(true)],
    ['g', () => setBegunAt(Date.now())],
    ['/', () => document.querySelector<HTMLInputElement>('input[type=search]')?.focus()],
    ...Object.entries(PLACES).map(
      ([key, path]) =>
        [
          key,
          () => {
            if (Date.now() - begunAt < SEQUENCE_MS) go(path)
          },
          { preventDefault: false },
        ] as [string, () => void, { preventDefault: boolean }],
    ),
  ])
  return (
    <Modal opened={shown} onClose={() => setShown(false)} title={t('shell.keys.title')}>
      <Table withRowBorders={false} verticalSpacing={5}>
        <Table.Tbody>
          {KEYS.map(([keys, text]) => (
            <Table.Tr key={text}>
              <Table.Td w={120}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{t(`shell.keys.${text}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
