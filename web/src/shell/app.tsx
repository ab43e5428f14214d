import { AppShell, Burger, Group, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Confirmation } from '../components/confirm.tsx'
import { Icon } from '../components/icon.tsx'
import { Toasts } from '../components/toast.tsx'
import { Boundary } from './boundary.tsx'
import { Keys } from './keys.tsx'
import { LivePill } from './live-pill.tsx'
import { Nav } from './nav.tsx'
import { Pages } from './pages.tsx'
import { openPalette, Palette } from './palette.tsx'
import classes from './shell.module.css'
import { SightBanner } from './sight-banner.tsx'
import { SignInAgain } from './sign-in-again.tsx'
import { UserMenu } from './user-menu.tsx'

/** The frame around every page. */
export const App = () => {
  const { t } = useTranslation()
  const [location] = useLocation()
  const [opened, { toggle, close }] = useDisclosure()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu and begins at its top
  useEffect(() => {
    close()
    window.scrollTo(0, 0)
  }, [location])

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a href="#content" className="skip">
        {t('shell.nav.skip')}
      </a>
      <AppShell.Header className={classes.header ?? ''}>
        <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('shell.nav.open')} />
        <Link href="/" className={classes.brand ?? ''}>
          <Pulse />
          Vigía
        </Link>
        <UnstyledButton className={classes.search ?? ''} onClick={openPalette}>
          <Icon name="search" size={16} />
          <span className={classes.searchText}>{t('shell.palette.open')}</span>
          <kbd className={classes.kbd}>{navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl'} K</kbd>
        </UnstyledButton>
        <Group gap="xs" wrap="nowrap" className={classes.right ?? ''}>
          <LivePill />
          <UserMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="div">
        <Nav />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <SightBanner />
        <Boundary key={location}>
          <Suspense fallback={null}>
            <Pages />
          </Suspense>
        </Boundary>
      </AppShell.Main>
      <Toasts />
      <Confirmation />
      <SignInAgain />
      <Palette />
      <Keys />
    </AppShell>
  )
}

const Pulse = () => (
  <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="7" fill="#0f766e" />
    <path
      d="M5 17h5l3-8 5 15 4-10 2 3h3"
      fill="none"
      stroke="#fff"
      strokeWidth="2.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
)
