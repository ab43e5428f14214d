import { Modal } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { createSignal, useSignal } from '../lib/signal.ts'

const PaletteSearch = lazy(() => import('./palette-search.tsx'))

const opened = createSignal(false)
export const openPalette = (): void => opened.set(true)

/** Everything by name: type, arrow keys, Enter. */
export const Palette = () => {
  const { t } = useTranslation()
  const shown = useSignal(opened)
  useHotkeys([['mod+K', openPalette]], [])
  return (
    <Modal
      opened={shown}
      onClose={() => opened.set(false)}
      withCloseButton={false}
      transitionProps={{ duration: 0 }}
      padding={0}
      yOffset="8vh"
      size="lg"
      attributes={{ content: { 'aria-label': t('shell.palette.open') } }}
    >
      {shown && (
        <Suspense fallback={<div style={{ height: 420 }} />}>
          <PaletteSearch close={() => opened.set(false)} />
        </Suspense>
      )}
    </Modal>
  )
}
