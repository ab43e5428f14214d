import { Button, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Icon } from '../../components/icon.tsx'
import { Failure } from '../../components/page.tsx'
import { ToCopy } from '../../components/to-copy.tsx'
import { yamlItem } from '../../lib/yaml.ts'

/** The monitor in the words of the configuration file. */
export const CopyYaml = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const entry = useMutation({ mutationFn: () => api.get<Readonly<Record<string, unknown>>>(`/monitors/${id}/entry`) })
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="copy" />}
        loading={entry.isPending}
        onClick={() => entry.mutate()}
      >
        YAML
      </Button>
      <Modal opened={entry.isSuccess || entry.isError} onClose={entry.reset} title={t('monitors.yaml')} size="lg">
        {entry.error && <Failure error={entry.error} />}
        {entry.data && <ToCopy hint={t('monitors.yamlHint')} text={yamlItem(entry.data)} />}
      </Modal>
    </>
  )
}
