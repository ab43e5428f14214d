import { SegmentedControl, Select, UnstyledButton } from '@mantine/core'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../components/icon.tsx'
import { StateMark } from '../../components/state.tsx'
import { number } from '../../lib/format.ts'
import { type Counts, FAVOURITE, SHOWN_STATES, UNHEARD } from './arrange.ts'
import classes from './overview.module.css'

// Each remembers what it drew: a key in the filter draws the field and the list, and nothing else.

interface StatesProps {
  readonly counts: Counts
  /** How many there are of whose failure nobody is told. */
  readonly unheard: number
  /** How many the reader wants at hand. */
  readonly favourites: number
  readonly chosen: string
  readonly choose: (state: string) => void
}

/** How many monitors are in each state, and of how many nobody hears; each is a filter. */
export const StateChips = memo(({ counts, unheard, favourites, chosen, choose }: StatesProps) => {
  const { t } = useTranslation()
  const states = SHOWN_STATES.filter((one) => counts[one] > 0 || one === 'down').map((one) => (
    <UnstyledButton
      key={one}
      className={classes.chip ?? ''}
      aria-pressed={chosen === one}
      onClick={() => choose(chosen === one ? '' : one)}
    >
      <StateMark state={one} />
      <b className="number">{number(counts[one])}</b> {t(`standing.counted.${one}`, { count: counts[one] })}
    </UnstyledButton>
  ))
  return (
    <>
      {states}
      {unheard > 0 && (
        <UnstyledButton
          className={classes.chip ?? ''}
          style={{ color: 'var(--state-down-text)' }}
          aria-pressed={chosen === UNHEARD}
          onClick={() => choose(chosen === UNHEARD ? '' : UNHEARD)}
        >
          <Icon name="mute" size={14} />
          {t('monitors.unheard', { count: unheard })}
        </UnstyledButton>
      )}
      {favourites > 0 && (
        <UnstyledButton
          className={classes.chip ?? ''}
          aria-pressed={chosen === FAVOURITE}
          onClick={() => choose(chosen === FAVOURITE ? '' : FAVOURITE)}
        >
          <Icon name="star" size={14} />
          {t('monitors.favourites', { count: favourites })}
        </UnstyledButton>
      )}
    </>
  )
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
