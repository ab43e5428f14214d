import { Button, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Icon } from '../../components/icon.tsx'
import { Failure } from '../../components/page.tsx'
import { ToCopy } from '../../components/to-copy.tsx'

/** Where a job calls a push monitor; asked for only when somebody wants to see it, for it is a key. */
export const PushAddress = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const address = useMutation({ mutationFn: () => api.get<{ readonly url: string }>(`/monitors/${id}/push-url`) })
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="connections" />}
        loading={address.isPending}
        onClick={() => address.mutate()}
      >
        {t('monitors.pushAddress')}
      </Button>
      <Modal
        opened={address.isSuccess || address.isError}
        onClose={address.reset}
        title={t('monitors.pushAddress')}
        size="lg"
      >
        {address.error && <Failure error={address.error} />}
        {address.data && <ToCopy hint={t('monitors.pushHint')} text={`curl -fsS ${address.data.url}`} />}
      </Modal>
    </>
  )
}
