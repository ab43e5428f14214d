import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useAlertGroups } from '../../api/queries.ts'
import classes from './alerts.module.css'

interface GroupsProps {
  /** Ids of the alerts that are shown. */
  readonly shown: ReadonlySet<number>
  /** Chooses these, in place of what was chosen. */
  readonly choose: (alerts: readonly number[]) => void
}

const MOST = 4

/** Alerts that may have one cause, offered as one: what they share, and a button that chooses all of them. */
export const AlertGroups = ({ shown, choose }: GroupsProps) => {
  const { t } = useTranslation()
  const { data = [] } = useAlertGroups()
  const groups = data.filter(({ alerts }) => alerts.every((id) => shown.has(id))).slice(0, MOST)
  if (groups.length === 0) return null
  return (
    <ul className={classes.groups}>
      {groups.map(({ kind, name = '', value, alerts }) => (
        <li key={`${kind}${name}=${value}`}>
          <span className="break">
            {t(`standing.shared.${kind}`, {
              count: alerts.length,
              value: kind === 'label' ? `${name}=${value}` : value,
            })}
          </span>
          <Button size="compact-sm" variant="default" onClick={() => choose(alerts)}>
            {t('standing.chooseAll', { count: alerts.length })}
          </Button>
        </li>
      ))}
    </ul>
  )
}
