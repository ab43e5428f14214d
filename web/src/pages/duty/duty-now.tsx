import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Section } from '../settings/section.tsx'
import { Gaps, OnNow } from './on-now.tsx'
import { useDuty } from './use-duty.ts'

/** Who is on duty now and next, by each list; nothing where there is none. */
export const DutyNow = () => {
  const { t } = useTranslation()
  const { data } = useDuty()
  if (!data || data.lists.length === 0) return null
  return (
    <Section title={t('duty.title')} actions={<Link href="/duty">{t('duty.toDuty')}</Link>}>
      <Stack gap="sm">
        {data.lists.map((list) => (
          <div key={list.name}>
            <b className="break">{list.name}</b>
            <OnNow list={list} />
            {list.gaps.length > 0 && <Gaps list={list} />}
          </div>
        ))}
      </Stack>
    </Section>
  )
}
