import { lazy, Suspense } from 'react'
import type { ListMenuProps } from './list-menu.tsx'

const ListMenu = lazy(() => import('./list-menu.tsx'))

/** The menu of a list, which comes after the list. */
export const LateListMenu = (props: ListMenuProps) => (
  <Suspense fallback={<span style={{ width: 36, height: 36 }} />}>
    <ListMenu {...props} />
  </Suspense>
)
