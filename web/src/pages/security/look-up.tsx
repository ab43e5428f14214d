import { Button, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { addressPath } from '../../lib/address.ts'
import classes from './security.module.css'

/** Leads to all that is known of an address that somebody has at hand. */
export const LookUp = () => {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('address') ?? '').trim()
    if (text !== '') go(addressPath(text))
  }
  return (
    <form className={classes.lookup} onSubmit={submit}>
      <TextInput
        name="address"
        type="search"
        autoComplete="off"
        maxLength={100}
        aria-label={t('addresses.lookUp')}
        placeholder={t('addresses.lookUpHint')}
      />
      <Button type="submit" variant="default" style={{ flexShrink: 0 }}>
        {t('addresses.show')}
      </Button>
    </form>
  )
}
