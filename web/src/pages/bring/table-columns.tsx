import { Card, NativeSelect, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SeenTable } from '../../../../src/importers/import-plan.ts'
import { Scroll } from '../../components/scroll.tsx'
import classes from './bring.module.css'

const MEANINGS = ['address', 'name', 'description', 'location', 'port', 'parent'] as const

interface Props {
  readonly table: SeenTable
  readonly busy: boolean
  /** Which column holds what, by its number from 1. */
  readonly choose: (columns: Readonly<Record<string, string>>) => void
}

/** What the columns of a list are taken for, with its first rows; people may say otherwise. */
export const TableColumns = ({ table, busy, choose }: Props) => {
  const { t } = useTranslation()
  const { titles, columns, rows } = table
  const width = Math.max(titles?.length ?? 0, ...rows.map((cells) => cells.length))
  const numbers = Array.from({ length: width }, (_, index) => index)
  const meaningOf = (index: number) => MEANINGS.find((meaning) => columns[meaning] === index) ?? 'none'
  const set = (index: number, meaning: string) => {
    const others = MEANINGS.filter((one) => columns[one] !== undefined && columns[one] !== index && one !== meaning)
    const kept = others.map((one) => [one, String(columns[one]! + 1)])
    choose(Object.fromEntries(meaning === 'none' ? kept : [...kept, [meaning, String(index + 1)]]))
  }
  return (
    <Card component="section">
      <Text component="h2" fw={600}>
        {t('bring.columns')}
      </Text>
      <Text size="sm" className="quiet" mb="xs">
        {t('bring.columnsHint')}
      </Text>
      <Scroll maxHeight={320} label={t('bring.columns')}>
        <table className={`plain ${classes.columns}`}>
          <thead>
            <tr>
              {numbers.map((index) => {
                const title = titles?.[index] || t('bring.column', { number: index + 1 })
                return (
                  <th key={index} scope="col">
                    <div className="clip">{title}</div>
                    <NativeSelect
                      size="xs"
                      aria-label={title}
                      disabled={busy}
                      value={meaningOf(index)}
                      onChange={({ currentTarget }) => set(index, currentTarget.value)}
                      data={[...MEANINGS, 'none' as const].map((value) => ({
                        value,
                        label: t(`bring.meanings.${value}`),
                      }))}
                    />
                  </th>
                )
              })}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no name
              <tr key={row}>
                {numbers.map((index) => (
                  <td key={index} className="clip">
                    {cells[index]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Card>
  )
}
