import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Cell } from '../lib/csv.ts'
import { useExport } from '../lib/use-export.ts'
import { Icon } from './icon.tsx'

interface Props {
  /** Of the file, without its ending. */
  readonly name: string
  readonly head: readonly string[]
  readonly rows: () => Promise<readonly (readonly Cell[])[]>
}

/** Hands the whole list over as a file for spreadsheets. */
export const ExportButton = ({ name, head, rows }: Props) => {
  const { t } = useTranslation()
  const { busy, save } = useExport()
  return (
    <Button
      size="xs"
      variant="default"
      loading={busy}
      leftSection={<Icon name="down" size={16} />}
      onClick={() => void save(name, head, rows)}
    >
      {t('words.exportCsv')}
    </Button>
  )
}
