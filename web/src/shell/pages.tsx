import { lazy } from 'react'
import { Route, Switch } from 'wouter'
import { OverviewPage } from '../pages/overview/overview-page.tsx'
import { MissingPage } from './missing-page.tsx'

/** The overview comes with the first bytes; every other page when it is asked for. */
export const Pages = () => (
  <Switch>
    <Route path="/">
      <OverviewPage />
    </Route>
    <Route>
      <MissingPage />
    </Route>
  </Switch>
)
void lazy
