import { Button, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Schema, ServerSettings } from '../../api/types.ts'
import { Failure, Loaded } from '../../components/page.tsx'
import { sayDone } from '../../components/toast.tsx'
import { faultsOf } from '../../forms/faults.ts'
import { SchemaForm, type Values } from '../../forms/schema-form/schema-form.tsx'
import { Section } from './section.tsx'

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly patch?: {
          readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
        }
      }
    >
  >
}

/** They stand in a part of their own. */
const OF_THE_PLACE: ReadonlySet<string> = new Set(['language', 'time_zone', 'url'])

/** The settings of the server, by the schema that its own document publishes. */
const Retention = () => {
  const { t } = useTranslation()
  const data = useQuery({
    queryKey: ['settings'],
    queryFn: async () => {
      const [settings, document] = await Promise.all([
        api.get<ServerSettings>('/settings'),
        api.get<Document>('/openapi.json'),
      ])
      return {
        settings,
        schema: document.paths['/api/v1/settings']?.patch?.requestBody?.content['application/json']?.schema ?? {},
      }
    },
  })
  return (
    <Section title={t('settings.sections.retention')} hint={t('settings.retentionHint')}>
      <Loaded query={data}>{({ settings, schema }) => <Form settings={settings} schema={schema} />}</Loaded>
    </Section>
  )
}
export default Retention

const Form = ({ settings, schema }: { readonly settings: ServerSettings; readonly schema: Schema }) => {
  const { t } = useTranslation()
  const [value, setValue] = useState<Values>(settings)
  const names = Object.keys(schema.properties ?? {}).filter((name) => !OF_THE_PLACE.has(name))
  const [error, setError] = useState<unknown>()
  const save = async () => {
    setError(undefined)
    try {
      const lists = { allowed_channel_targets: [], allowed_monitor_targets: [] }
      const own = Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)))
      setValue(await api.patch<ServerSettings & Values>('/settings', { ...lists, ...own }))
      sayDone(t('words.saved'))
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Stack maw={520}>
        {error !== undefined && <Failure error={error} />}
        <SchemaForm schema={schema} value={value} onChange={setValue} faults={faultsOf(error)} only={names} flat />
        <Button type="submit" w="fit-content">
          {t('words.save')}
        </Button>
      </Stack>
    </form>
  )
}
