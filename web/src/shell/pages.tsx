import { lazy } from 'react'
import { Route, Switch } from 'wouter'
import { OverviewPage } from '../pages/overview/overview-page.tsx'
import { ForOperators } from './for-operators.tsx'
import { MissingPage } from './missing-page.tsx'

// The overview comes with the first bytes; every other page when it is asked for.
const MonitorPage = lazy(() => import('../pages/monitor/monitor-page.tsx'))
const NewMonitorPage = lazy(() => import('../pages/monitor/new-monitor-page.tsx'))
const EditMonitorPage = lazy(() => import('../pages/monitor/edit-monitor-page.tsx'))
const ListPage = lazy(() => import('../pages/monitor/list-page.tsx'))

const AlertsPage = lazy(() => import('../pages/alerts/alerts-page.tsx'))
const AlertPage = lazy(() => import('../pages/alerts/alert-page.tsx'))
const EventsPage = lazy(() => import('../pages/events/events-page.tsx'))
const EventPage = lazy(() => import('../pages/events/event-page.tsx'))

const CalendarPage = lazy(() => import('../pages/calendar/calendar-page.tsx'))
const ShiftPage = lazy(() => import('../pages/shift/shift-page.tsx'))
const DutyPage = lazy(() => import('../pages/duty/duty-page.tsx'))
const MapPage = lazy(() => import('../pages/map/map-page.tsx'))
const PanelPage = lazy(() => import('../pages/panel/panel-page.tsx'))
const rulePages = () => import('../pages/rules/rule-page.tsx')
const NewRulePage = lazy(async () => ({ default: (await rulePages()).NewRulePage }))
const EditRulePage = lazy(async () => ({ default: (await rulePages()).EditRulePage }))
const channelPages = () => import('../pages/channels/channel-page.tsx')
const NewChannelPage = lazy(async () => ({ default: (await channelPages()).NewChannelPage }))
const EditChannelPage = lazy(async () => ({ default: (await channelPages()).EditChannelPage }))

const SettingsPage = lazy(() => import('../pages/settings/settings-page.tsx'))
const ConnectionsPage = lazy(() => import('../pages/places/connections-page.tsx'))
const SecurityPage = lazy(() => import('../pages/places/security-page.tsx'))
const BringPage = lazy(() => import('../pages/bring/bring-page.tsx'))
const AddressPage = lazy(() => import('../pages/security/address-page.tsx'))
const Welcome = lazy(() => import('../pages/welcome/welcome.tsx'))

const isId = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text)

export const Pages = () => (
  <Switch>
    <Route path="/">
      <OverviewPage />
    </Route>
    <Route path="/monitors/new">
      <ForOperators>
        <NewMonitorPage />
      </ForOperators>
    </Route>
    <Route path="/monitors/list">
      <ForOperators>
        <ListPage />
      </ForOperators>
    </Route>
    <Route path="/monitors/:id/edit">
      {({ id }) => (
        <ForOperators>{isId(id) ? <EditMonitorPage key={id} id={Number(id)} /> : <MissingPage />}</ForOperators>
      )}
    </Route>
    <Route path="/monitors/:id">
      {({ id }) => (isId(id) ? <MonitorPage key={id} id={Number(id)} /> : <MissingPage />)}
    </Route>
    {/* The older panel's page keeps its address, and links that people kept lead where they led. */}
    <Route path="/alerts" component={PanelPage} />
    <Route path="/channels" component={PanelPage} />
    <Route path={/^\/(?:channels|alerts)\/rules\/new\/?$/}>
      <ForOperators>
        <NewRulePage />
      </ForOperators>
    </Route>
    <Route path={/^\/(?:channels|alerts)\/rules\/(?<id>[^/]+)\/?$/}>
      {({ id = '' }) => (
        <ForOperators>{isId(id) ? <EditRulePage key={id} id={Number(id)} /> : <MissingPage />}</ForOperators>
      )}
    </Route>
    <Route path={/^\/(?:channels|alerts\/channels)\/new\/?$/}>
      <ForOperators>
        <NewChannelPage />
      </ForOperators>
    </Route>
    <Route path={/^\/(?:channels|alerts\/channels)\/(?<id>[^/]+)\/?$/}>
      {({ id = '' }) => (
        <ForOperators>{isId(id) ? <EditChannelPage key={id} id={Number(id)} /> : <MissingPage />}</ForOperators>
      )}
    </Route>
    <Route path="/alerts/active" component={AlertsPage} />
    <Route path="/alerts/:id">
      {({ id }) => (isId(id) ? <AlertPage key={id} id={Number(id)} /> : <MissingPage />)}
    </Route>
    <Route path="/settings/:section?">{({ section }) => <SettingsPage section={section} />}</Route>
    <Route path="/connections" component={ConnectionsPage} />
    <Route path="/security" component={SecurityPage} />
    <Route path="/security/:address">{({ address }) => <AddressPage key={address} written={address} />}</Route>
    <Route path="/calendar" component={CalendarPage} />
    <Route path="/shift" component={ShiftPage} />
    <Route path="/duty" component={DutyPage} />
    <Route path="/welcome">
      <ForOperators>
        <Welcome />
      </ForOperators>
    </Route>
    <Route path="/bring" component={BringPage} />
    <Route path="/map" component={MapPage} />
    <Route path="/events" component={EventsPage} />
    <Route path="/events/:id">
      {({ id }) => (isId(id) ? <EventPage key={id} id={Number(id)} /> : <MissingPage />)}
    </Route>
    <Route>
      <MissingPage />
    </Route>
  </Switch>
)
