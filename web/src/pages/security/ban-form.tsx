import { Button, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { duration } from '../../lib/format.ts'
import { useAct } from '../../lib/use-act.ts'
import { useJails } from './use-address.ts'

interface Props {
  readonly ip: string
  readonly done: () => void
}

const MINUTES = [60, 8 * 60, 24 * 60, 7 * 24 * 60] as const
/** As long as the jail bans by itself. */
const AS_JAIL = '0'
const STANDARD_JAIL = 'sshd'

/** Bans an address in a jail of fail2ban, for a while, with the reason. */
export const BanForm = ({ ip, done }: Props) => {
  const { t } = useTranslation()
  const { act, busy } = useAct('address', 'bans')
  const { data = [], isPending } = useJails()
  const [minutes, setMinutes] = useState(String(MINUTES[0]))
  const known = data.flatMap(({ server, jails }) => jails.map((jail) => ({ server, jail })))
  const labelOf = ({ server, jail }: { readonly server: string; readonly jail: string }) =>
    data.length > 1 ? `${jail} (${server})` : jail
  const standard = Math.max(
    0,
    known.findIndex(({ jail }) => jail === STANDARD_JAIL),
  )
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const written = String(form.get('jail') ?? '').trim()
    const where = known.length > 0 ? known[Number(written)] : { jail: written }
    const length = minutes === AS_JAIL ? {} : { minutes: Number(minutes) }
    const ban = { ip, ...where, ...length, reason: String(form.get('reason') ?? '').trim() }
    if (await act(() => api.post('/bans', ban), t('places.banned', { ip }))) done()
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        {known.length > 0 ? (
          <NativeSelect
            name="jail"
            label={t('addresses.jail')}
            defaultValue={String(standard)}
            data={known.map((one, index) => ({ value: String(index), label: labelOf(one) }))}
          />
        ) : (
          <TextInput
            name="jail"
            label={t('addresses.jail')}
            required
            defaultValue={STANDARD_JAIL}
            description={!isPending && t('addresses.jailsUnknown')}
          />
        )}
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t('addresses.length')}
          </Text>
          <SegmentedControl
            fullWidth
            aria-label={t('addresses.length')}
            data={[
              ...MINUTES.map((one) => ({ value: String(one), label: duration(one * 60_000) })),
              { value: AS_JAIL, label: t('addresses.asJail') },
            ]}
            value={minutes}
            onChange={setMinutes}
          />
        </div>
        <TextInput name="reason" label={t('addresses.reason')} maxLength={1000} data-autofocus />
        <Button type="submit" loading={busy}>
          {t('addresses.ban')}
        </Button>
      </Stack>
    </form>
  )
}
