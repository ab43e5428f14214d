import { Button, Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { confirm } from '../../components/confirm.tsx'
import { Loaded } from '../../components/page.tsx'
import { ToCopy } from '../../components/to-copy.tsx'
import { useAct } from '../../lib/use-act.ts'

interface CalendarLink {
  readonly path: string
  readonly url: string | null
}

/** The calendar for other programs. */
export const LinkDialog = () => {
  const { t } = useTranslation()
  const { act, busy } = useAct('calendar-link')
  const link = useQuery({ queryKey: ['calendar-link'], queryFn: () => api.get<CalendarLink>('/maintenance/link') })
  const renew = async () => {
    if (await confirm(t('calendar.link.renew'), t('calendar.link.renewHint'), t('calendar.link.renew')))
      await act(() => api.post('/maintenance/link/renew'), t('calendar.link.renewed'))
  }
  return (
    <Stack>
      <Loaded query={link}>
        {({ path, url }) => <ToCopy hint={t('calendar.link.hint')} text={url ?? location.origin + path} />}
      </Loaded>
      <Group justify="space-between">
        <Button component="a" variant="default" href="/api/v1/maintenance.ics" download="maintenance.ics">
          {t('calendar.link.download')}
        </Button>
        <Button variant="default" loading={busy} onClick={() => void renew()}>
          {t('calendar.link.renew')}
        </Button>
      </Group>
    </Stack>
  )
}
