import { Button, Card, Select, SimpleGrid, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useChannels, useTypes } from '../../api/queries.ts'
import type { Channel, Types } from '../../api/types.ts'
import { Failure, Loaded } from '../../components/page.tsx'
import { missingIn } from '../../forms/faults.ts'
import { FormFooter } from '../../forms/form-footer.tsx'
import { Further } from '../../forms/further.tsx'
import { SchemaForm, type Values } from '../../forms/schema-form/schema-form.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import { useLeaveGuard } from '../../forms/use-leave-guard.ts'
import { addTexts } from '../../i18n/index.ts'
import { history as historyTexts } from '../../i18n/texts/history.ts'
import { wordsOf } from '../../i18n/words-of.ts'

addTexts('history', historyTexts)

/** How a channel sends: what holds for each message, and what holds messages back. */
const ONE_BY_ONE = ['language', 'time_zone', 'texts', 'urgent', 'rate_limit']
const TOGETHER = ['group', 'quiet', 'fallback']

interface Draft {
  readonly name: string
  readonly type: string
  readonly options: Values
  readonly description: string
  readonly enabled: boolean
  /** How it sends, by the schema that holds for every type. */
  readonly delivery: Values
}

const deliveryOf = (channel: Channel | undefined, { channel: schema }: Types): Values =>
  Object.fromEntries(
    Object.keys(schema.properties ?? {})
      .map((name) => [name, channel?.[name as keyof Channel] ?? undefined])
      .filter(([, value]) => value !== undefined),
  )

/** A link to the form may say for which type. */
const askedType = ({ channels }: Types): string | undefined => {
  const asked = new URLSearchParams(window.location.search).get('type')
  return channels.find(({ name }) => name === asked)?.name
}

const draftOf = (channel: Channel | undefined, types: Types): Draft => ({
  name: channel?.name ?? '',
  type: channel?.type ?? askedType(types) ?? types.channels[0]?.name ?? '',
  options: (channel?.options as Values | undefined) ?? {},
  description: channel?.description ?? '',
  enabled: channel?.enabled ?? true,
  delivery: deliveryOf(channel, types),
})

const bodyOf = (draft: Draft, { channel: schema }: Types) => ({
  name: draft.name.trim(),
  options: draft.options,
  description: draft.description,
  enabled: draft.enabled,
  // What is left empty is taken away.
  ...Object.fromEntries(Object.keys(schema.properties ?? {}).map((name) => [name, draft.delivery[name] ?? null])),
})

/** The name of a type, with a number where another channel has it already. */
const freeName = (title: string, taken: readonly string[]): string => {
  let name = title
  for (let number = 2; taken.includes(name); number++) name = `${title} ${number}`
  return name
}

interface Props {
  /** Absent: a new one. */
  readonly channel?: Channel
  readonly saved: (channel: Channel, test: boolean) => Promise<void> | void
  readonly cancel: () => void
  readonly actions?: ReactNode
  readonly short?: boolean
}

const SubscribeBrowser = lazy(() => import('./subscribe-browser.tsx'))

/** A type whose options are what a browser gives when it subscribes. */
const asksForBrowser = (type: Types['channels'][number] | undefined): boolean =>
  Object.values(type?.options.properties ?? {}).some((field) => field['x-widget'] === 'push-subscription')

/** A channel by the schema of its type. */
export const ChannelForm = (props: Props) => {
  const types = useTypes()
  return (
    <Loaded query={types} lines={8}>
      {(data) => <Form {...props} types={data} />}
    </Loaded>
  )
}

const Form = ({ channel, saved, cancel, actions, short = false, types }: Props & { readonly types: Types }) => {
  const { t } = useTranslation()
  // What was saved in a first try is changed by the next one.
  const [existing, setExisting] = useState(channel)
  const [draft, setDraft] = useState(() => draftOf(channel, types))
  const { error, faults, ...problems } = useFaults()
  const [busy, setBusy] = useState(false)
  const [changed, setChanged] = useState(false)
  useLeaveGuard(changed && !busy)
  const names = (useChannels().data ?? []).map(({ name }) => name)
  const type = types.channels.find(({ name }) => name === draft.type)
  // Names of the lists of who is on duty, for a type that asks for some.
  const { data: duty } = useQuery({
    queryKey: ['duty', undefined],
    queryFn: () => api.get<{ readonly lists: readonly { readonly name: string }[] }>('/duty'),
    enabled: type?.options.properties?.lists !== undefined,
  })
  const lists = (duty?.lists ?? []).map(({ name }) => name)
  // Whoever makes the first one names it later, if at all.
  const unnamed = short && faults.name === undefined
  const nameOf = () => (unnamed ? freeName(type ? wordsOf(type).title : draft.type, names) : draft.name.trim())
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }))
    setChanged(true)
  }
  const submit = async (test: boolean) => {
    const options = type ? missingIn(type.options, draft.options, 'options') : []
    const delivery = missingIn(types.channel, draft.delivery)
    const missing = [...(nameOf() === '' ? ['name'] : []), ...options, ...delivery]
    // A new one is sent all the same: the server says what else is wrong, and takes nothing that lacks these.
    if (existing && problems.lacks(missing)) return
    setBusy(true)
    try {
      const body = bodyOf({ ...draft, name: (unnamed && existing?.name) || nameOf() }, types)
      const made = existing
        ? await api.patch<Channel>(`/channels/${existing.id}`, body)
        : await api.post<Channel>('/channels', { ...body, type: draft.type })
      setExisting(made)
      setChanged(false)
      await saved(made, test)
    } catch (failure) {
      problems.fail(failure, missing)
    }
    setBusy(false)
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit(short)
      }}
    >
      <Stack>
        {error !== undefined && <Failure error={error} />}
        <SimpleGrid cols={{ base: 1, lg: short ? 1 : 2 }} style={{ alignItems: 'start' }}>
          <Card component="section">
            <Stack>
              {!unnamed && (
                <TextInput
                  label={t('words.name')}
                  name="name"
                  required
                  value={draft.name}
                  error={faults.name}
                  onChange={({ currentTarget }) => set({ name: currentTarget.value })}
                  maxLength={200}
                />
              )}
              <Select
                label={t('words.type')}
                data={types.channels.map((type) => ({ value: type.name, label: wordsOf(type).title }))}
                value={draft.type}
                disabled={existing !== undefined}
                onChange={(value) => value && set({ type: value, options: {} })}
                allowDeselect={false}
              />
              {asksForBrowser(type) && (
                <Suspense fallback={null}>
                  <SubscribeBrowser take={(options) => set({ options: { ...draft.options, ...options } })} />
                </Suspense>
              )}
              {type && (
                <SchemaForm
                  key={type.name}
                  schema={type.options}
                  value={draft.options}
                  onChange={(options) => set({ options })}
                  faults={faults}
                  path="options"
                  choices={{ 'options.lists': lists }}
                />
              )}
            </Stack>
          </Card>
          {!short && (
            <Card component="section">
              <Stack>
                <Switch
                  label={t('words.enabled')}
                  checked={draft.enabled}
                  onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
                />
                <Textarea
                  label={t('words.description')}
                  value={draft.description}
                  onChange={({ currentTarget }) => set({ description: currentTarget.value })}
                  maxLength={2000}
                  autosize
                />
              </Stack>
            </Card>
          )}
        </SimpleGrid>
        {!short && (
          <Further
            title={t('forms.furtherChannel')}
            begin={
              Object.keys(deliveryOf(channel, types)).length > 0 ||
              Object.keys(faults).some((path) => types.channel.properties?.[path.split('.', 1)[0]!])
            }
          >
            <SimpleGrid cols={{ base: 1, lg: 2 }} style={{ alignItems: 'start' }}>
              {[ONE_BY_ONE, TOGETHER].map((only) => (
                <Card key={only[0]} component="section">
                  <SchemaForm
                    schema={types.channel}
                    only={only}
                    value={draft.delivery}
                    onChange={(delivery) => set({ delivery })}
                    faults={faults}
                    choices={{ 'fallback.to': names.filter((name) => name !== existing?.name) }}
                  />
                </Card>
              ))}
            </SimpleGrid>
          </Further>
        )}
        <FormFooter actions={actions}>
          <Button variant="default" onClick={cancel}>
            {t(short ? 'words.skip' : 'words.cancel')}
          </Button>
          {!short && (
            <Button variant="default" loading={busy} onClick={() => void submit(true)}>
              {t('history.saveAndTest')}
            </Button>
          )}
          <Button type="submit" loading={busy}>
            {t(short ? 'history.saveAndTest' : 'words.save')}
          </Button>
        </FormFooter>
      </Stack>
    </form>
  )
}
