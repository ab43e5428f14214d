import { Button, Card, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChannels, useMonitors, useTypes } from '../../api/queries.ts'
import type { Channel, Types } from '../../api/types.ts'
import { Failure, Loaded } from '../../components/page.tsx'
import { missingIn } from '../../forms/faults.ts'
import { FormFooter } from '../../forms/form-footer.tsx'
import { Further } from '../../forms/further.tsx'
import { SchemaForm, type Values } from '../../forms/schema-form/schema-form.tsx'
import { useFaults } from '../../forms/use-faults.ts'
import { useLeaveGuard } from '../../forms/use-leave-guard.ts'
import { wordsOf } from '../../i18n/words-of.ts'
import { firstChannel, NobodyHears } from './nobody-hears.tsx'

/** The fields of a monitor that belong together, by the file's own names. */
const FOREMOST = ['channels', 'interval']
const TIMING = ['timeout', 'failures', 'retry_interval', 'successes', 'recovery_interval', 'degraded']
const TELLING = ['severity', 'degraded_severity', 'reminder', 'notify_recovery', 'flapping']
const ABOUT = ['parents', 'description', 'location', 'runbook', 'labels']

const RARE = [...TIMING, ...TELLING, ...ABOUT]

interface Props {
  readonly initial: Values
  /** The type of a monitor that exists stays as it is. */
  readonly fixedType?: boolean
  readonly save: (entry: Values) => Promise<void>
  readonly cancel: () => void
  /** Only what is needed for a first one. */
  readonly short?: boolean
}

/** A monitor in the words of the file, by the server's schemas. */
export const MonitorForm = (props: Props) => {
  const types = useTypes()
  const channels = useChannels()
  return (
    <Loaded query={types} lines={8}>
      {(data) => (
        <Loaded query={channels} lines={8}>
          {(known) => <Form {...props} types={data} channels={known} />}
        </Loaded>
      )}
    </Loaded>
  )
}

const Form = ({
  initial,
  fixedType = false,
  save,
  cancel,
  short = false,
  types,
  channels,
}: Props & { readonly types: Types; readonly channels: readonly Channel[] }) => {
  const { t } = useTranslation()
  const { data: monitors = [] } = useMonitors()
  // One that exists keeps what it has, no channel too: somebody may have meant that.
  const [entry, setEntry] = useState<Values>(() => ({
    type: types.probes[0]?.name,
    ...(!fixedType && { channels: firstChannel(channels) }),
    ...initial,
  }))
  const { error, faults, ...problems } = useFaults()
  const [busy, setBusy] = useState(false)
  const [changed, setChanged] = useState(false)
  useLeaveGuard(changed && !busy)
  const type = types.probes.find(({ name }) => name === entry.type)
  const choices = {
    channels: channels.map(({ name }) => name),
    parents: monitors.map(({ name }) => name).filter((name) => name !== initial.name),
  }

  const told = (entry.channels as readonly string[] | undefined) ?? []
  const change = (next: Values) => {
    setEntry(next)
    setChanged(true)
  }
  const submit = async () => {
    const options = type ? missingIn(type.options, (entry.options as Values | undefined) ?? {}, 'options') : []
    const missing = [...missingIn(types.monitor, entry), ...options]
    // A new one is sent all the same: the server says what else is wrong, and takes nothing that lacks these.
    if (fixedType && problems.lacks(missing)) return
    setBusy(true)
    try {
      await save(entry)
      setChanged(false)
    } catch (failure) {
      problems.fail(failure, missing)
    }
    setBusy(false)
  }
  const part = (only: readonly string[]) => (
    <SchemaForm
      schema={types.monitor}
      value={entry}
      onChange={change}
      faults={faults}
      only={only}
      choices={choices}
      defaults={types.monitor_defaults}
    />
  )

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
      noValidate
    >
      <Stack>
        {error !== undefined && <Failure error={error} />}
        <SimpleGrid cols={{ base: 1, lg: short ? 1 : 2 }} style={{ alignItems: 'start' }}>
          <Card component="section">
            <Stack>
              <SchemaForm schema={types.monitor} value={entry} onChange={change} faults={faults} only={['name']} />
              <Select
                label={t('monitors.whatKind')}
                data={types.probes.map((type) => ({ value: type.name, label: wordsOf(type).title }))}
                value={String(entry.type ?? '')}
                onChange={(value) => value && change({ ...entry, type: value, options: {} })}
                allowDeselect={false}
                disabled={fixedType}
              />
              {type && (
                <SchemaForm
                  key={type.name}
                  schema={type.options}
                  value={(entry.options as Values | undefined) ?? {}}
                  onChange={(options) => change({ ...entry, options })}
                  faults={faults}
                  path="options"
                />
              )}
            </Stack>
          </Card>
          <Card component="section">
            <NobodyHears chosen={told} />
            {part(FOREMOST)}
          </Card>
        </SimpleGrid>
        {!short && (
          <Further
            title={t('forms.further')}
            begin={RARE.some((name) => Object.keys(faults).some((path) => path.split('.', 1)[0] === name))}
          >
            <SimpleGrid cols={{ base: 1, lg: 2 }} style={{ alignItems: 'start' }}>
              <Stack>
                <Section title={t('monitors.about')}>{part(ABOUT)}</Section>
                <Section title={t('monitors.telling')}>{part(TELLING)}</Section>
              </Stack>
              <Section title={t('monitors.timing')}>{part(TIMING)}</Section>
            </SimpleGrid>
          </Further>
        )}
        <FormFooter>
          <Button variant="default" onClick={cancel}>
            {t(short ? 'words.skip' : 'words.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('words.save')}
          </Button>
        </FormFooter>
      </Stack>
    </form>
  )
}

const Section = ({ title, children }: { readonly title: string; readonly children: React.ReactNode }) => (
  <Card component="section">
    <Text component="h2" fw={600} mb="sm">
      {title}
    </Text>
    {children}
  </Card>
)
