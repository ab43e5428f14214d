import { useTranslation } from 'react-i18next'
import { absolute, relative, timeZone, useNow } from '../lib/format.ts'
import { useSignal } from '../lib/signal.ts'

/** How long ago something was; the time itself, in the chosen zone, on hover and for screen readers. */
export const Ago = ({ at }: { readonly at: string | number | null | undefined }) => {
  const now = useNow()
  useTranslation()
  const zone = useSignal(timeZone)
  if (at === null || at === undefined) return null
  return (
    <time dateTime={new Date(at).toISOString()} title={`${absolute(at)} (${zone})`} style={{ whiteSpace: 'nowrap' }}>
      {relative(at, now)}
    </time>
  )
}

/** The time itself. */
export const Moment = ({ at }: { readonly at: string | number | null | undefined }) => {
  const zone = useSignal(timeZone)
  if (at === null || at === undefined) return null
  return (
    <time dateTime={new Date(at).toISOString()} title={zone} style={{ whiteSpace: 'nowrap' }}>
      {absolute(at)}
    </time>
  )
}
