import { Button, Card, Group, TextInput } from '@mantine/core'
import { type KeyboardEvent, lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Redirect } from 'wouter'
import { useFavourites } from '../../api/at-hand.ts'
import { useChannels, useMarks, useMay, useMonitors } from '../../api/queries.ts'
import type { Monitor } from '../../api/types.ts'
import { Icon } from '../../components/icon.tsx'
import { LateListMenu } from '../../components/late-list-menu.tsx'
import { Empty, Loaded, PageHead } from '../../components/page.tsx'
import { readStored } from '../../lib/choice.ts'
import { number } from '../../lib/format.ts'
import { prepareInIdleTime } from '../../lib/monitor-filter.ts'
import { useUrlState } from '../../lib/url-state.ts'
import { useChosen } from '../../lib/use-chosen.ts'
import { countStates, countUnheard, filterMonitors, labelNames, rankByName, sortWorstFirst } from './arrange.ts'
import { Aside } from './aside.tsx'
import { GroupChoice, StateChips, ViewChoice } from './list-tools.tsx'
import { MonitorList } from './monitor-list.tsx'
import classes from './overview.module.css'
import { useExported } from './use-exported.ts'
import { WrongNow } from './wrong-now.tsx'

const ManyBar = lazy(() => import('../monitor/many-bar.tsx'))

/** What is wrong now, first; then all that is watched. */
export const OverviewPage = () => {
  const { t } = useTranslation()
  const monitors = useMonitors()
  const may = useMay()
  return (
    <>
      <PageHead
        title={t('monitors.overview')}
        actions={
          may && (
            <>
              <Button
                component={Link}
                href="/monitors/list"
                variant="default"
                leftSection={<Icon name="list" />}
                className={classes.add ?? ''}
                aria-label={t('monitors.addList')}
              >
                {t('monitors.addList')}
              </Button>
              <Button
                component={Link}
                href="/monitors/new"
                leftSection={<Icon name="plus" />}
                className={classes.add ?? ''}
                aria-label={t('monitors.add')}
              >
                {t('monitors.add')}
              </Button>
            </>
          )
        }
      />
      <Loaded query={monitors} lines={12}>
        {(all) => (all.length > 0 ? <Wall monitors={all} /> : <Nothing may={may} />)}
      </Loaded>
    </>
  )
}

/** Somebody's first visit leads through the first steps; afterwards the empty list says what to do. */
const Nothing = ({ may }: { readonly may: boolean }) => {
  const administrator = useMay('administrator')
  const { data: channels } = useChannels()
  if (administrator && readStored('welcomed') === null && channels?.every(({ enabled }) => !enabled))
    return <Redirect to="/welcome" replace />
  return <NoMonitors may={may} />
}

const NoMonitors = ({ may }: { readonly may: boolean }) => {
  const { t } = useTranslation()
  const administrator = useMay('administrator')
  return (
    <Card>
      <Empty
        title={t('monitors.empty')}
        action={
          may && (
            <>
              <Button component={Link} href="/monitors/new" leftSection={<Icon name="plus" />}>
                {t('monitors.add')}
              </Button>
              {administrator && (
                <Button component={Link} href="/bring" variant="default">
                  {t('monitors.bring')}
                </Button>
              )}
            </>
          )
        }
      >
        {t('monitors.emptyHint')}
      </Empty>
    </Card>
  )
}

const Wall = ({ monitors }: { readonly monitors: readonly Monitor[] }) => {
  const { t, i18n } = useTranslation()
  const [text, setText] = useUrlState('q')
  const [state, setState] = useUrlState('state')
  const [group, setGroup] = useUrlState('group')
  const [view, setView] = useUrlState('view', 'list')
  const wanted = useDeferredValue(text)
  const marks = useMarks()
  const names = useMemo(() => monitors.map(({ name }) => name).join('\n'), [monitors])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names are what the ranks depend on
  const ranks = useMemo(() => rankByName(monitors, i18n.language), [names, i18n.language])
  const sorted = useMemo(() => sortWorstFirst(monitors, ranks, marks), [monitors, ranks, marks])
  const counts = useMemo(() => countStates(monitors, marks), [monitors, marks])
  const unheard = useMemo(() => countUnheard(monitors), [monitors])
  const labels = useMemo(() => labelNames(monitors), [monitors])
  const { favourites } = useFavourites()
  const shown = useMemo(
    () => filterMonitors(sorted, wanted, state, marks, favourites),
    [sorted, wanted, state, marks, favourites],
  )
  const may = useMay()
  const { chosen, choose, toggle, close } = useChosen()
  const exported = useExported(shown, marks)
  const showDown = useCallback(() => setState('down'), [setState])
  useEffect(() => prepareInIdleTime(monitors), [monitors])
  const filtered = wanted !== '' || state !== ''
  const clear = () => {
    setText('')
    setState('')
  }

  return (
    <>
      <Group gap="xs" mb="md">
        <StateChips counts={counts} unheard={unheard} favourites={favourites.size} chosen={state} choose={setState} />
      </Group>
      {state === '' && <WrongNow monitors={sorted} counts={counts} showAll={showDown} />}
      <div className={classes.columns}>
        <Card padding={0} component="section" aria-label={t('monitors.title')}>
          <div className={classes.tools}>
            <TextInput
              type="search"
              className={classes.search ?? ''}
              leftSection={<Icon name="search" size={16} />}
              placeholder={t('monitors.filterHint')}
              aria-label={t('monitors.filterLabel')}
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
              onKeyDown={({ key }: KeyboardEvent) => key === 'Escape' && clear()}
            />
            <GroupChoice labels={labels} group={group} setGroup={setGroup} />
            <ViewChoice view={view} setView={setView} />
            <div className={classes.shown}>
              <span className="quiet number" role="status">
                {filtered
                  ? t('monitors.shown', { shown: number(shown.length), total: number(monitors.length) })
                  : t('monitors.count', { count: monitors.length })}
              </span>
              <LateListMenu
                page="monitors"
                {...exported}
                choose={may && view === 'list' && !chosen ? () => choose([]) : undefined}
              />
            </div>
          </div>
          {chosen && view === 'list' && (
            <Suspense fallback={null}>
              <ManyBar
                chosen={monitors.filter(({ id }) => chosen.has(id))}
                shown={shown.length}
                chooseAll={() => choose(shown.map(({ id }) => id))}
                close={close}
              />
            </Suspense>
          )}
          {shown.length === 0 ? (
            <Empty
              title={t('monitors.noMatch')}
              action={
                <Button variant="default" onClick={clear}>
                  {t('monitors.clearFilter')}
                </Button>
              }
            />
          ) : (
            <MonitorList
              monitors={shown}
              group={group}
              grid={view === 'grid'}
              folded={!filtered}
              favourites={favourites}
              chosen={chosen}
              choose={toggle}
            />
          )}
        </Card>
        <Aside />
      </div>
    </>
  )
}
