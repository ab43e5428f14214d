import { Card, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api, query } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import type { Page } from '../../api/types.ts'
import { Loaded } from '../../components/page.tsx'
import { addTexts } from '../../i18n/index.ts'
import { shift as texts } from '../../i18n/texts/shift.ts'
import { Lines } from './lines.tsx'
import type { ShiftLine } from './types.ts'
import { WriteLine } from './write-line.tsx'

addTexts('shift', texts)

interface Props {
  readonly about: { readonly alert?: number; readonly monitor?: number }
}

/** What people wrote down about an alert or a monitor: it stands in the shift log, too. */
export const Notes = ({ about }: Props) => {
  const { t } = useTranslation()
  const may = useMay()
  const notes = useQuery({
    queryKey: ['notes', about],
    queryFn: async () => (await api.get<Page<ShiftLine>>(`/notes${query({ ...about, limit: 200 })}`)).items,
  })
  return (
    <Card component="section" mb="md">
      <Group justify="space-between" mb="xs">
        <Text component="h2" fw={600}>
          {t('shift.notes')}
        </Text>
        <Link href="/shift" className="quiet">
          {t('shift.toLog')}
        </Link>
      </Group>
      <Stack gap="sm">
        <Loaded query={notes} lines={1}>
          {(lines) => (
            <div>
              <Lines lines={lines} empty={t('shift.noNotes')} here />
            </div>
          )}
        </Loaded>
        {may && <WriteLine about={about} />}
      </Stack>
    </Card>
  )
}
