import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import type { MonitorDetail } from '../../api/types.ts'
import { DURATIONS, DurationChoice, endAfter } from '../../components/duration-choice.tsx'
import { Icon } from '../../components/icon.tsx'
import { Failure } from '../../components/page.tsx'
import { sayDone } from '../../components/toast.tsx'
import { useDoing } from '../../lib/url-state.ts'

/** A maintenance window for one monitor, from now on. */
export const Maintenance = ({ monitor }: { readonly monitor: MonitorDetail }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [opened, { open, close }] = useDisclosure(useDoing() === 'maintenance')
  const [name, setName] = useState('')
  const [ms, setMs] = useState<number>(DURATIONS[0])
  const begin = useMutation({
    mutationFn: () =>
      api.post<{ id: number }>('/maintenance', {
        name: name.trim() || t('monitors.maintenanceTitle', { name: monitor.name }).slice(0, 200),
        matchers: [{ name: 'monitor', operator: '=', value: monitor.name }],
        ends_at: endAfter(ms),
      }),
    onSuccess: ({ id }) => {
      close()
      void client.invalidateQueries({ queryKey: ['maintenance'] })
      sayDone(t('monitors.maintenanceBegun'), () => void api.delete(`/maintenance/${id}`))
    },
  })
  return (
    <>
      <Button variant="default" leftSection={<Icon name="wrench" />} onClick={open}>
        {t('monitors.maintenance')}
      </Button>
      <Modal opened={opened} onClose={close} title={t('monitors.maintenanceTitle', { name: monitor.name })}>
        <Stack>
          <Text size="sm" className="quiet">
            {t('monitors.maintenanceHint')}
          </Text>
          <DurationChoice label={t('monitors.for')} value={ms} onChange={setMs} />
          <TextInput
            label={t('words.name')}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={200}
          />
          <Link href={`/calendar?monitor=${encodeURIComponent(monitor.name)}`} className="quiet">
            {t('monitors.maintenanceLater')}
          </Link>
          {begin.error && <Failure error={begin.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('words.cancel')}
            </Button>
            <Button loading={begin.isPending} onClick={() => begin.mutate()}>
              {t('monitors.maintenance')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
