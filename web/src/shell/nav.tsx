import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { useAlertCounts } from '../api/queries.ts'
import { Icon, type IconName } from '../components/icon.tsx'
import { number } from '../lib/format.ts'
import classes from './shell.module.css'

export const MAIN_PAGES = [
  { path: '/', text: 'overview', icon: 'overview' },
  { path: '/alerts/active', text: 'alerts', icon: 'alert' },
  { path: '/alerts/', text: 'rules', icon: 'rules' },
  { path: '/events', text: 'events', icon: 'events' },
  { path: '/connections', text: 'connections', icon: 'connections' },
  { path: '/security', text: 'security', icon: 'security' },
  { path: '/settings', text: 'settings', icon: 'settings' },
] as const satisfies readonly { path: string; text: string; icon: IconName }[]

/** The main page that an address belongs to. */
const belongsTo = (location: string): string => {
  if (location.startsWith('/alerts'))
    return location === '/alerts/' || location === '/alerts' || /^\/alerts\/(rules|channels)/.test(location)
      ? '/alerts/'
      : '/alerts/active'
  if (location.startsWith('/monitors')) return '/'
  return MAIN_PAGES.find(({ path }) => path !== '/' && location.startsWith(path))?.path ?? '/'
}

export const Nav = () => {
  const { t } = useTranslation()
  const [location] = useLocation()
  const { data: counts } = useAlertCounts()
  const current = belongsTo(location)
  const count = counts?.open ?? 0
  return (
    <nav className={classes.nav} aria-label={t('shell.nav.label')}>
      {MAIN_PAGES.map(({ path, text, icon }) => (
        <Link
          key={path}
          href={path}
          className={classes.link ?? ''}
          aria-current={path === current ? 'page' : undefined}
        >
          <Icon name={icon} />
          {t(`shell.nav.${text}`)}
          {path === '/alerts/active' && count > 0 && (
            <span className={classes.badge} title={t('standing.openBadge', { count })}>
              {number(count)}
            </span>
          )}
        </Link>
      ))}
    </nav>
  )
}
