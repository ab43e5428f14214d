import { Button, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api, query } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { confirm } from '../../components/confirm.tsx'
import { Ago } from '../../components/time.tsx'
import { useWho } from '../../components/who.ts'
import { dayTime } from '../../lib/format.ts'
import { useAct } from '../../lib/use-act.ts'
import { Section } from './section.tsx'
import classes from './security.module.css'
import type { Ban, KnownAddress, ToldBan } from './types.ts'

const SHOWN_OVER = 6

const Current = ({ ban, address }: { readonly ban: Ban; readonly address: string }) => {
  const { t } = useTranslation()
  const may = useMay()
  const who = useWho()
  const { act, busy } = useAct('address', 'bans')
  const { ip, jail, server, since, expires_at: end, by, reason, failures } = ban
  const lift = async () => {
    if (await confirm(t('places.unbanTitle', { ip }), t('places.unbanHint'), t('places.unban')))
      await act(() => api.delete(`/bans${query({ ip, jail, server })}`), t('places.unbanned', { ip }))
  }
  return (
    <li>
      <span className={`${classes.what} break`}>
        <b>{jail}</b> {end === null ? t('addresses.noEnd') : t('addresses.until', { time: dayTime(end) })}
        {ip !== address && <span className="quiet"> ({ip})</span>}
        <div className="quiet">
          {[
            by === null ? t('addresses.byTool') : t('addresses.by', { name: who(by) }),
            failures !== null && t('addresses.failures', { count: failures }),
            reason,
          ]
            .filter(Boolean)
            .join(' · ')}
        </div>
      </span>
      <span className={`quiet ${classes.when}`}>
        <Ago at={since} />
        {may && (
          <div>
            <Button size="compact-xs" variant="default" loading={busy} onClick={() => void lift()} mt={4}>
              {t('addresses.unban')}
            </Button>
          </div>
        )}
      </span>
    </li>
  )
}

const Told = ({ ban }: { readonly ban: ToldBan }) => {
  const { t } = useTranslation()
  const who = useWho()
  const { event, jail, until, over, by, reason, failures, lifted_by: lifter, since } = ban
  const end =
    until === null
      ? ''
      : over
        ? `${t('addresses.ended')} ${dayTime(until)}`
        : t('addresses.until', { time: dayTime(until) })
  return (
    <li className={over ? classes.over : ''}>
      <span className={`${classes.what} break`}>
        <Link href={`/events/${event}`}>{jail ?? t('addresses.ban')}</Link> {end}
        {lifter !== null && `, ${t('addresses.liftedBy', { name: who(lifter) })}`}
        <div className="quiet">
          {[
            by !== null && t('addresses.by', { name: who(by) }),
            failures !== null && t('addresses.failures', { count: failures }),
            by !== null && reason?.slice(0, 300),
          ]
            .filter(Boolean)
            .join(' · ')}
        </div>
      </span>
      <span className={`quiet ${classes.when}`}>
        <Ago at={since} />
      </span>
    </li>
  )
}

/** Where it is kept out now, and where it was. */
export const AddressBans = ({ known }: { readonly known: KnownAddress }) => {
  const { t } = useTranslation()
  const { current, told } = known.bans
  return (
    <Section title={t('addresses.bans')}>
      {current.length + told.length === 0 && known.can_ban && <span className="quiet">{t('addresses.noBans')}</span>}
      <ul className={classes.list}>
        {current.map((ban) => (
          <Current key={ban.id} ban={ban} address={known.address} />
        ))}
        {told.slice(0, SHOWN_OVER).map((ban) => (
          <Told key={ban.event} ban={ban} />
        ))}
      </ul>
      {!known.can_ban && (
        <Text size="sm" className="quiet" {...(current.length + told.length > 0 && { mt: 'xs' })}>
          {t('addresses.cannotBan')}
        </Text>
      )}
    </Section>
  )
}
