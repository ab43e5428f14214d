import { UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Port } from '../../api/types.ts'
import { Wide } from '../../components/wide.tsx'
import { number } from '../../lib/format.ts'
import classes from './places.module.css'

/** The states that say how a service does; the others stand together. */
const OWN_COLUMN: readonly string[] = ['ESTABLISHED', 'TIME_WAIT', 'CLOSE_WAIT', 'SYN_RECV']
const NOT_A_CONNECTION = 'LISTEN'

const statesText = (states: Port['states'], without: readonly string[]): string =>
  Object.entries(states)
    .filter(([state]) => !without.includes(state))
    .map(([state, count]) => `${state} ${number(count)}`)
    .join(', ')

interface Props {
  readonly ports: readonly Port[]
  readonly chosen: number
  readonly choose: (port: number) => void
}

/** Who listens and who is connected, at the last count. */
export const PortTable = ({ ports, chosen, choose }: Props) => {
  const { t } = useTranslation()
  const remote = ports.some(({ remote_states: states }) => states && Object.keys(states).length > 0)
  return (
    <Wide>
      <table className={`plain ${classes.ports}`}>
        <thead>
          <tr>
            <th>{t('places.port')}</th>
            <th>{t('places.listens')}</th>
            {OWN_COLUMN.map((state) => (
              <th key={state}>{state}</th>
            ))}
            <th>{t('places.otherStates')}</th>
            <th>{t('places.queue')}</th>
            {remote && <th>{t('places.remoteStates')}</th>}
          </tr>
        </thead>
        <tbody>
          {ports.map((port) => (
            <tr key={port.port} className="number" data-chosen={port.port === chosen || undefined}>
              <td>
                <UnstyledButton
                  className={classes.port ?? ''}
                  aria-pressed={port.port === chosen}
                  aria-label={t('places.portChoose', { port: port.port })}
                  onClick={() => choose(port.port)}
                >
                  {port.port}
                </UnstyledButton>
              </td>
              <td>
                {port.listeners > 0 ? number(port.listeners) : <span className="quiet">{t('places.listensNot')}</span>}
              </td>
              {OWN_COLUMN.map((state) => (
                <td key={state} className={port.states[state] ? '' : 'quiet'}>
                  {number(port.states[state] ?? 0)}
                </td>
              ))}
              <td className="quiet">{statesText(port.states, [...OWN_COLUMN, NOT_A_CONNECTION])}</td>
              <td>{queueText(port, (queue, limit) => t('places.queueOf', { queue, limit }))}</td>
              {remote && <td className="quiet">{statesText(port.remote_states ?? {}, [])}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

const queueText = (port: Port, of: (queue: string, limit: string) => string): string => {
  const { listeners, accept_queue: queue, accept_queue_limit: limit } = port
  if (listeners === 0) return ''
  return limit === null ? number(queue) : of(number(queue), number(limit))
}
