import { Button, Card, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, query } from '../../api/client.ts'
import { useMay, useSources } from '../../api/queries.ts'
import type { Page } from '../../api/types.ts'
import { AddressLink } from '../../components/address-link.tsx'
import { Columns } from '../../components/columns.tsx'
import { confirm } from '../../components/confirm.tsx'
import { ExportButton } from '../../components/export-button.tsx'
import { Failure } from '../../components/page.tsx'
import { Moment } from '../../components/time.tsx'
import { Wide } from '../../components/wide.tsx'
import { useAct } from '../../lib/use-act.ts'

interface Ban {
  readonly ip: string
  readonly jail: string
  readonly server: string
  readonly since?: string | null
  readonly until?: string | null
  readonly expires_at?: string | null
  readonly reason?: string | null
}

const STANDARD_MINUTES = 60

/** Who is banned at present, with ban and unban; says so where nothing bans yet. */
export const Bans = () => {
  const { t } = useTranslation()
  const may = useMay()
  const { act } = useAct('bans')
  const [opened, { open, close }] = useDisclosure()
  const bans = useQuery({
    queryKey: ['bans'],
    queryFn: async () => (await api.get<Page<Ban>>('/bans')).items,
  })
  const { data: sources } = useSources()
  const connected = sources?.items.some(({ kind }) => kind === 'fail2ban')
  const lift = async ({ ip, jail, server }: Ban) => {
    if (await confirm(t('places.unbanTitle', { ip }), t('places.unbanHint'), t('places.unban')))
      await act(() => api.delete(`/bans${query({ ip, jail, server })}`), t('places.unbanned', { ip }))
  }
  return (
    <Card component="section">
      <Group justify="space-between" mb="xs">
        <Text component="h2" fw={600}>
          {t('places.bans')}
        </Text>
        {may && connected && (
          <Button size="xs" onClick={open}>
            {t('places.ban')}
          </Button>
        )}
      </Group>
      {bans.error && <Failure error={bans.error} />}
      {connected === false && bans.data?.length === 0 && <Text className="quiet">{t('places.bansOff')}</Text>}
      {connected && bans.data?.length === 0 && <Text className="quiet">{t('places.noBans')}</Text>}
      {bans.data && bans.data.length > 0 && (
        <Wide>
          <Group justify="flex-end" mb="xs">
            <ExportButton
              name={t('places.bans')}
              head={[t('places.address'), t('places.jail'), t('words.since'), t('places.until'), t('places.reason')]}
              rows={async () => {
                const { stamp } = await import('../../lib/save-csv.ts')
                return (bans.data ?? []).map(({ ip, jail, since, until, expires_at, reason }) => [
                  ip,
                  jail,
                  stamp(since),
                  stamp(until ?? expires_at),
                  reason,
                ])
              }}
            />
          </Group>
          <table className="plain">
            <Columns
              names={[t('places.address'), t('places.jail'), t('words.since'), t('places.until'), t('places.reason')]}
              actions
            />
            <tbody>
              {bans.data.map((ban) => (
                <tr key={`${ban.server} ${ban.jail} ${ban.ip}`}>
                  <td className="break">
                    <AddressLink text={ban.ip} />
                  </td>
                  <td>{ban.jail}</td>
                  <td>
                    <Moment at={ban.since} />
                  </td>
                  <td>
                    <Moment at={ban.until ?? ban.expires_at} />
                  </td>
                  <td className="break quiet">{ban.reason}</td>
                  <td style={{ textAlign: 'right' }}>
                    {may && (
                      <Button size="xs" variant="default" onClick={() => void lift(ban)}>
                        {t('places.unban')}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      <Modal opened={opened} onClose={close} title={t('places.banTitle')}>
        <NewBan done={close} />
      </Modal>
    </Card>
  )
}

const NewBan = ({ done }: { readonly done: () => void }) => {
  const { t } = useTranslation()
  const { act, busy } = useAct('bans')
  const [minutes, setMinutes] = useState(STANDARD_MINUTES)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [ip, jail, reason] = ['ip', 'jail', 'reason'].map((name) => String(form.get(name) ?? '').trim())
    if (await act(() => api.post('/bans', { ip, jail, minutes, reason }), t('places.banned', { ip: ip! }))) done()
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <TextInput name="ip" label={t('places.address')} required data-autofocus />
        <TextInput name="jail" label={t('places.jail')} required defaultValue="sshd" />
        <NumberInput
          label={t('places.minutes')}
          min={1}
          value={minutes}
          onChange={(value) => setMinutes(Number(value))}
        />
        <TextInput name="reason" label={t('places.reason')} />
        <Button type="submit" loading={busy}>
          {t('places.ban')}
        </Button>
      </Stack>
    </form>
  )
}
