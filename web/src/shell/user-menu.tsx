import { ActionIcon, Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useMe } from '../api/queries.ts'
import { Icon } from '../components/icon.tsx'
import { chooseLanguage } from '../i18n/index.ts'
import type { Language } from '../i18n/language.ts'

const LANGUAGES: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'es', label: 'Español' },
]

export const LanguageChoice = () => {
  const { t, i18n } = useTranslation()
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t('shell.user.language')}
      data={[...LANGUAGES]}
      value={i18n.language}
      onChange={(value) => void chooseLanguage(value as Language)}
    />
  )
}

export const ThemeChoice = () => {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t('shell.user.theme')}
      data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`shell.user.${value}`) }))}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
    />
  )
}

/** Ends the session, and asks for the next. */
export const signOut = async () => {
  await fetch('/sign-out', { method: 'POST', body: new URLSearchParams() })
  location.assign('/sign-in')
}

export const UserMenu = () => {
  const { t } = useTranslation()
  const { data: me } = useMe()
  return (
    <Menu width={290} position="bottom-end" keepMounted={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('shell.user.menu')} c="inherit">
          <Icon name="user" size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {me && <Menu.Label>{t('shell.user.signedIn', { name: me.name })}</Menu.Label>}
        <div style={{ padding: '4px 12px 10px', display: 'grid', gap: 8 }}>
          <LanguageChoice />
          <ThemeChoice />
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} href="/settings/account" leftSection={<Icon name="key" size={16} />}>
          {t('shell.user.account')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="out" size={16} />} onClick={() => void signOut()}>
          {t('shell.user.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
