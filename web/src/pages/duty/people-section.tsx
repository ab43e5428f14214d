import { Badge, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useMay } from '../../api/queries.ts'
import { Columns } from '../../components/columns.tsx'
import { confirm } from '../../components/confirm.tsx'
import { EditAndRemove } from '../../components/edit-and-remove.tsx'
import { ExportButton } from '../../components/export-button.tsx'
import { Wide } from '../../components/wide.tsx'
import { useAct } from '../../lib/use-act.ts'
import { Section } from '../settings/section.tsx'
import type { Person } from './types.ts'

interface Props {
  readonly people: readonly Person[]
  readonly onEdit: (person: Person) => void
}

/** Who there is, and what reaches them. */
export const PeopleSection = ({ people, onEdit }: Props) => {
  const { t } = useTranslation()
  const may = useMay()
  const { act } = useAct('duty')
  const head = [t('words.name'), t('duty.channels'), t('duty.aliases')]
  const remove = async ({ name }: Person) => {
    if (await confirm(name, t('duty.removeHint'), t('words.remove')))
      await act(() => api.delete(`/duty/people/${encodeURIComponent(name)}`), t('duty.removed'))
  }
  return (
    <Section
      title={t('duty.people')}
      actions={
        people.length > 0 && (
          <ExportButton
            name={t('duty.people')}
            head={head}
            rows={async () =>
              people.map(({ name, channels, aliases }) => [name, channels.join(', '), aliases.join(', ')])
            }
          />
        )
      }
    >
      {people.length === 0 && (
        <Text size="sm" className="quiet">
          {t('duty.noPeople')}
        </Text>
      )}
      {people.length > 0 && (
        <Wide>
          <table className="plain stack">
            <Columns names={head} actions />
            <tbody>
              {people.map((person) => (
                <tr key={person.name}>
                  <td className="break">
                    {person.name}{' '}
                    {person.origin !== null && (
                      <Badge variant="light" color="gray" title={person.origin}>
                        {t('duty.fromFile')}
                      </Badge>
                    )}
                  </td>
                  <td className="break">
                    {person.channels.join(', ') || (
                      <span style={{ color: 'var(--state-down-text)' }}>{t('duty.noChannel')}</span>
                    )}
                  </td>
                  <td className="break quiet">{person.aliases.join(', ')}</td>
                  <td style={{ textAlign: 'right', whiteSpace: 'nowrap' }}>
                    {may && person.origin === null && (
                      <EditAndRemove onEdit={() => onEdit(person)} onRemove={() => void remove(person)} />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </Section>
  )
}
