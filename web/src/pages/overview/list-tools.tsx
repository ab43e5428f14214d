import { SegmentedControl, Select, UnstyledButton } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { StateMark } from '../../components/state.tsx'
import { number } from '../../lib/format.ts'
import { type Counts, SHOWN_STATES } from './arrange.ts'
import classes from './overview.module.css'

// Each remembers what it drew: a key in the filter draws the field and the list, and nothing else.

interface StatesProps {
  readonly counts: Counts
  readonly chosen: string
  readonly choose: (state: string) => void
}

/** How many monitors are in each state; each is a filter. */
export const StateChips = memo(({ counts, chosen, choose }: StatesProps) => {
  const { t } = useTranslation()
  return SHOWN_STATES.filter((one) => counts[one] > 0 || one === 'down').map((one) => (
    <UnstyledButton
      key={one}
      className={classes.chip ?? ''}
      aria-pressed={chosen === one}
      onClick={() => choose(chosen === one ? '' : one)}
    >
      <StateMark state={one} />
      <b className="number">{number(counts[one])}</b> {t(`words.${one}`)}
    </UnstyledButton>
  ))
})

interface GroupProps {
  readonly labels: readonly string[]
  readonly group: string
  readonly setGroup: (group: string) => void
}

export const GroupChoice = memo(({ labels, group, setGroup }: GroupProps) => {
  const { t } = useTranslation()
  return (
    <Select
      className={classes.group ?? ''}
      aria-label={t('monitors.group')}
      data={[
        { value: '', label: t('monitors.ungrouped') },
        { value: 'type', label: t('monitors.groupType') },
        ...labels.filter((name) => name !== 'type').map((name) => ({ value: name, label: name })),
      ]}
      value={group}
      onChange={(value) => setGroup(value ?? '')}
      allowDeselect={false}
    />
  )
})

export const ViewChoice = memo(
  ({ view, setView }: { readonly view: string; readonly setView: (view: string) => void }) => {
    const { t } = useTranslation()
    return (
      <SegmentedControl
        aria-label={t('monitors.view')}
        data={[
          { value: 'list', label: t('monitors.list') },
          { value: 'grid', label: t('monitors.grid') },
        ]}
        value={view}
        onChange={setView}
      />
    )
  },
)
