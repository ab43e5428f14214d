import { Button, CloseButton, Paper, Portal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { createSignal, useSignal } from '../lib/signal.ts'
import classes from './toast.module.css'

interface Toast {
  readonly id: number
  readonly text: string
  readonly kind: 'done' | 'failed'
  readonly undo?: (() => void) | undefined
}

const SHOWN_MS = 8000
const toasts = createSignal<readonly Toast[]>([])
let last = 0

const remove = (id: number) => toasts.set(toasts.get().filter((toast) => toast.id !== id))

const add = (toast: Omit<Toast, 'id'>) => {
  const id = ++last
  toasts.set([...toasts.get().slice(-2), { ...toast, id }])
  // What failed stays until somebody has read it.
  if (toast.kind === 'done') setTimeout(() => remove(id), SHOWN_MS)
}

/** Says that something was done, with a way back where there is one. */
export const sayDone = (text: string, undo?: () => void): void => add({ text, kind: 'done', undo })

export const sayFailed = (text: string): void => add({ text, kind: 'failed' })

export const Toasts = () => {
  const { t } = useTranslation()
  const shown = useSignal(toasts)
  return (
    <Portal>
      <div role="region" aria-label={t('shell.notices')} aria-live="polite" className={classes.toasts}>
        {shown.map(({ id, text, kind, undo }) => (
          <Paper
            key={id}
            shadow="md"
            withBorder
            p="xs"
            pl="md"
            radius="md"
            className={`${classes.toast} ${classes[kind]}`}
          >
            <span className={`break ${classes.text}`}>{text}</span>
            {undo && (
              <Button
                size="compact-sm"
                variant="light"
                onClick={() => {
                  remove(id)
                  undo()
                }}
              >
                {t('words.undo')}
              </Button>
            )}
            <CloseButton aria-label={t('words.close')} onClick={() => remove(id)} />
          </Paper>
        ))}
      </div>
    </Portal>
  )
}
