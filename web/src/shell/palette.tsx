import { Modal, ScrollArea, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useMonitors } from '../api/queries.ts'
import { Icon, type IconName } from '../components/icon.tsx'
import { StateMark, shownState } from '../components/state.tsx'
import { haystackOf, matches } from '../lib/monitor-filter.ts'
import { createSignal, useSignal } from '../lib/signal.ts'
import { targetText } from '../lib/target-text.ts'
import { MAIN_PAGES } from './nav.tsx'
import classes from './palette.module.css'

const opened = createSignal(false)
export const openPalette = (): void => opened.set(true)

const MOST = 30

interface Choice {
  readonly key: string
  readonly path: string
  readonly text: string
  readonly hint: string
  readonly icon: IconName | undefined
  readonly mark?: Parameters<typeof StateMark>[0]['state']
}

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
      {shown && <Search close={() => opened.set(false)} />}
    </Modal>
  )
}

const Search = ({ close }: { readonly close: () => void }) => {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const { data: monitors = [] } = useMonitors()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)

  const choices = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    const pages: Choice[] = [
      ...MAIN_PAGES.map(({ path, text: name, icon }) => ({
        key: path,
        path,
        text: t(`shell.nav.${name}`),
        hint: '',
        icon,
      })),
      { key: 'new', path: '/monitors/new', text: t('monitors.add'), hint: '', icon: 'plus' as const },
      { key: 'list', path: '/monitors/list', text: t('monitors.addList'), hint: '', icon: 'list' as const },
    ].filter((page) => page.text.toLowerCase().includes(wanted))
    const found: Choice[] = []
    for (const monitor of monitors) {
      if (found.length === MOST) break
      if (matches(haystackOf(monitor), wanted))
        found.push({
          key: `m${monitor.id}`,
          path: `/monitors/${monitor.id}`,
          text: monitor.name,
          hint: targetText(monitor.target),
          icon: undefined,
          mark: shownState(monitor),
        })
    }
    return wanted === '' ? [...pages, ...found.slice(0, 8)] : [...found, ...pages]
  }, [text, monitors, t])

  const choose = (choice: Choice | undefined) => {
    if (!choice) return
    close()
    go(choice.path)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setAt((now) => (now + (event.key === 'ArrowDown' ? 1 : choices.length - 1)) % Math.max(1, choices.length))
    }
    if (event.key === 'Enter') choose(choices[at])
  }

  return (
    <>
      <TextInput
        size="md"
        variant="unstyled"
        px="md"
        py={4}
        leftSection={<Icon name="search" />}
        placeholder={t('shell.palette.placeholder')}
        aria-label={t('shell.palette.placeholder')}
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-choices"
        aria-activedescendant={choices[at] && `palette-${at}`}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
        data-autofocus
      />
      <ScrollArea.Autosize mah="55vh" className={classes.list ?? ''}>
        <div role="listbox" id="palette-choices" aria-label={t('shell.palette.open')}>
          {choices.map((choice, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
            <div
              key={choice.key}
              id={`palette-${index}`}
              role="option"
              aria-selected={index === at}
              className={classes.choice}
              onClick={() => choose(choice)}
              onMouseMove={() => setAt(index)}
            >
              {choice.icon ? <Icon name={choice.icon} /> : <StateMark state={choice.mark!} />}
              <span className="clip">{choice.text}</span>
              <span className={`clip ${classes.hint}`}>{choice.hint}</span>
            </div>
          ))}
        </div>
        {choices.length === 0 && <p className={classes.empty}>{t('shell.palette.empty')}</p>}
      </ScrollArea.Autosize>
    </>
  )
}
