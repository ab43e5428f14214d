import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Marks } from '../../components/marks.tsx'
import { soonTime } from '../../lib/format.ts'
import classes from './security.module.css'
import type { Ban, KnownAddress } from './types.ts'

/** When the last of the bans ends; null: never. */
const endOf = (bans: readonly Pick<Ban, 'expires_at'>[]): string | null =>
  bans.some(({ expires_at }) => expires_at === null)
    ? null
    : bans
        .map(({ expires_at }) => expires_at!)
        .sort()
        .at(-1)!

interface Props {
  readonly banned: readonly Ban[]
  readonly ignored: KnownAddress['ignored']
}

/** Whether it is kept out, and whether anybody is told of it. */
export const AddressMarks = ({ banned, ignored }: Props) => {
  const { t } = useTranslation()
  const end = banned.length > 0 ? endOf(banned) : undefined
  return (
    <Group gap={6}>
      {end !== undefined && (
        <span className={classes.banned}>
          {end === null ? t('addresses.bannedForever') : t('addresses.bannedUntil', { time: soonTime(end) })}
        </span>
      )}
      <Marks mark={{ silence: ignored }} />
    </Group>
  )
}
