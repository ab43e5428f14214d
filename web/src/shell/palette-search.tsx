import { ScrollArea, TextInput } from '@mantine/core'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Icon } from '../components/icon.tsx'
import { SeverityText, StateMark } from '../components/state.tsx'
import { addTexts } from '../i18n/index.ts'
import { palette as texts } from '../i18n/texts/palette.ts'
import classes from './palette.module.css'
import { type Choice, useChoices } from './palette-choices.ts'

addTexts('palette', texts)

/** The field of the palette, with what fits what is typed. */
const PaletteSearch = ({ close }: { readonly close: () => void }) => {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const field = useRef<HTMLInputElement>(null)
  const choices = useChoices(text)
  // It comes a moment after the dialog, which has given the focus away by then.
  useEffect(() => field.current?.focus(), [])

  const choose = (choice: Choice | undefined) => {
    if (!choice) return
    close()
    if ('path' in choice) go(choice.path)
    else choice.act()
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
        ref={field}
        size="md"
        variant="unstyled"
        px="md"
        py={4}
        leftSection={<Icon name="search" />}
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
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
              {choice.state ? <StateMark state={choice.state} /> : <Icon name={choice.icon ?? 'events'} />}
              <span className="clip">{choice.text}</span>
              <span className={classes.hint}>
                {choice.severity && <SeverityText severity={choice.severity} />}
                <span className={`clip ${choice.severity ? classes.further : ''}`}>{choice.hint}</span>
              </span>
            </div>
          ))}
        </div>
        {choices.length === 0 && <p className={classes.empty}>{t('palette.empty')}</p>}
      </ScrollArea.Autosize>
    </>
  )
}
export default PaletteSearch
