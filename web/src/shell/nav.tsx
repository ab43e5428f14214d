import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { type Uses, useAlertCounts, useUses } from '../api/queries.ts'
import { Icon, type IconName } from '../components/icon.tsx'
import { number } from '../lib/format.ts'
import classes from './shell.module.css'

interface MainPage {
  readonly path: string
  readonly text:
    | 'overview'
    | 'alerts'
    | 'rules'
    | 'calendar'
    | 'shift'
    | 'duty'
    | 'map'
    | 'events'
    | 'connections'
    | 'security'
    | 'settings'
  readonly icon: IconName
  /** Shown once this is in use. */
  readonly used?: keyof Uses
}

export const MAIN_PAGES: readonly MainPage[] = [
  { path: '/', text: 'overview', icon: 'overview' },
  { path: '/alerts/active', text: 'alerts', icon: 'alert' },
  { path: '/channels', text: 'rules', icon: 'rules' },
  { path: '/calendar', text: 'calendar', icon: 'calendar', used: 'calendar' },
  { path: '/shift', text: 'shift', icon: 'list', used: 'shift' },
  { path: '/duty', text: 'duty', icon: 'user', used: 'duty' },
  { path: '/map', text: 'map', icon: 'connections', used: 'map' },
  { path: '/events', text: 'events', icon: 'events' },
  { path: '/connections', text: 'connections', icon: 'connections', used: 'connections' },
  { path: '/security', text: 'security', icon: 'security', used: 'security' },
  { path: '/settings', text: 'settings', icon: 'settings' },
]

/** The main page that an address belongs to. */
const belongsTo = (location: string): string => {
  if (/^\/alerts(\/?$|\/(rules|channels))/.test(location)) return '/channels'
  if (location.startsWith('/alerts')) return '/alerts/active'
  if (location.startsWith('/monitors')) return '/'
  return MAIN_PAGES.find(({ path }) => path !== '/' && location.startsWith(path))?.path ?? '/'
}

export const Nav = () => {
  const { t } = useTranslation()
  const [location] = useLocation()
  const { data: counts } = useAlertCounts()
  const { data: uses } = useUses()
  const current = belongsTo(location)
  // Who stands on a page sees its entry, in use or not.
  const shown = MAIN_PAGES.filter(({ path, used }) => used === undefined || uses?.[used] || path === current)
  const count = counts?.open ?? 0
  return (
    <nav className={classes.nav} aria-label={t('shell.nav.label')}>
      {shown.map(({ path, text, icon }) => (
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
