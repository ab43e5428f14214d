import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { Icon } from '../../components/icon.tsx'
import { useAct } from '../../lib/use-act.ts'
import { BanForm } from './ban-form.tsx'
import { IgnoreForm } from './ignore-form.tsx'
import type { KnownAddress } from './types.ts'

/** What an operator may do about an address; who may only look sees nothing. */
export const AddressActs = ({ known }: { readonly known: KnownAddress }) => {
  const { t } = useTranslation()
  const may = useMay()
  const { act, busy } = useAct('address', 'silences')
  const [dialog, setDialog] = useState<'ban' | 'ignore'>()
  if (!may) return null
  const { address: ip, ignored } = known
  const close = () => setDialog(undefined)
  const stop = () => act(() => api.delete(`/silences/${ignored!.id}`), t('addresses.ignoreEnded', { ip }))
  return (
    <>
      {ignored ? (
        <Button
          variant="default"
          leftSection={<Icon name="bell" size={16} />}
          loading={busy}
          onClick={() => void stop()}
        >
          {t('addresses.stopIgnoring')}
        </Button>
      ) : (
        <Button variant="default" leftSection={<Icon name="mute" size={16} />} onClick={() => setDialog('ignore')}>
          {t('addresses.ignore')}
        </Button>
      )}
      {known.can_ban && (
        <Button leftSection={<Icon name="security" size={16} />} onClick={() => setDialog('ban')}>
          {t('addresses.ban')}
        </Button>
      )}
      <Modal opened={dialog === 'ban'} onClose={close} title={t('addresses.banTitle', { ip })}>
        <BanForm ip={ip} done={close} />
      </Modal>
      <Modal opened={dialog === 'ignore'} onClose={close} title={t('addresses.ignoreTitle', { ip })}>
        <IgnoreForm ip={ip} done={close} />
      </Modal>
    </>
  )
}
