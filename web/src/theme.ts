import {
  Card,
  createTheme,
  type MantineColorSchemeManager,
  type MantineColorsTuple,
  type MantineThemeOverride,
  Modal,
  PasswordInput,
} from '@mantine/core'
import type { TFunction } from 'i18next'
import { saveChoice } from './lib/choice.ts'

/** Teal, dark enough at its main shade for white text on it. */
const teal: MantineColorsTuple = [
  '#e6f7f5',
  '#d0ece9',
  '#a3d8d2',
  '#72c4bb',
  '#4bb3a8',
  '#2f9a8f',
  '#0f766e',
  '#0c655e',
  '#08544e',
  '#03433e',
]

const base = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 6, dark: 6 },
  colors: {
    teal,
    dark: [
      '#e4e8ec',
      '#c3cad1',
      '#a3acb5',
      '#7f8994',
      '#3d464f',
      '#2f363d',
      '#232a31',
      '#1b2026',
      '#14181c',
      '#0f1215',
    ],
  },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    Card: Card.extend({ defaultProps: { withBorder: true, padding: 'md', radius: 'md' } }),
  },
})

/**
 * The theme with the words of Mantine's own buttons in a language. While somebody must sign in again, the dialogs below
 * stay as they are: Escape and a click beside them are meant for the one on top.
 */
export const themeIn = (t: TFunction, mustSignIn: boolean): MantineThemeOverride => ({
  ...base,
  components: {
    ...base.components,
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { 'aria-label': t('words.close') },
        closeOnEscape: !mustSignIn,
        closeOnClickOutside: !mustSignIn,
      },
    }),
    PasswordInput: PasswordInput.extend({
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': t('words.showPassword') } },
    }),
  },
})

type Scheme = ReturnType<MantineColorSchemeManager['get']>

/** The choice lives in a cookie: the server writes it into the document, so that nothing flashes. */
export const colorSchemeManager: MantineColorSchemeManager = {
  get: (standard) => {
    const chosen = /(?:^|;\s*)vigia_theme=(light|dark)/.exec(document.cookie)?.[1]
    return (chosen as Scheme | undefined) ?? standard
  },
  set: (value) => saveChoice('theme', value === 'auto' ? '' : value),
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => saveChoice('theme', ''),
}
