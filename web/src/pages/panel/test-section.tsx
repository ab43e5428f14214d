import { Button, Card, Group, Select, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useChannels, useMay } from '../../api/queries.ts'
import type { TestReport as Report, Severity } from '../../api/types.ts'
import { useKindName } from '../../components/kind.ts'
import { Failure } from '../../components/page.tsx'
import { TEST_KINDS } from './test-kinds.ts'
import { TestReport } from './test-report.tsx'

const SEVERITIES: readonly Severity[] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']

interface Props {
  /** What it is about at first, by its name, and how severe. */
  readonly kind?: string
  readonly severity?: Severity
}

/** A test of the whole way: which rules would hear of such an event, and what each channel answers. */
export const TestSection = ({ kind: first = 'manual_test', severity: least = 'MEDIUM' }: Props) => {
  const { t } = useTranslation()
  const may = useMay()
  const client = useQueryClient()
  const kindName = useKindName()
  const { data: channels = [] } = useChannels()
  const [message, setMessage] = useState('')
  const [severity, setSeverity] = useState<Severity>(least)
  const [kind, setKind] = useState(first)
  const [channel, setChannel] = useState('')
  const test = useMutation({
    mutationFn: () => {
      const { type, data } = TEST_KINDS[kind] ?? { type: kind }
      const said = message.trim() || (kind === 'manual_test' ? t('history.testStandard') : '')
      return api.post<Report>('/tests', {
        type,
        severity,
        ...(data && { data }),
        ...(said !== '' && { message: said }),
        ...(channel !== '' && { channel: Number(channel) }),
      })
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['notifications'] }),
  })
  if (!may) return null
  const kinds = [...new Set([...Object.keys(TEST_KINDS), first])]
  return (
    <Card component="section" mt="md">
      <Text component="h2" fw={600}>
        {t('history.testSection')}
      </Text>
      <Text size="sm" className="quiet" mb="sm">
        {t('history.testHint')}
      </Text>
      <Group align="flex-end">
        <Select
          label={t('history.testKind')}
          w={230}
          data={kinds.map((value) => ({ value, label: kindName(value) }))}
          value={kind}
          onChange={(value) => value && setKind(value)}
          allowDeselect={false}
        />
        <Select
          label={t('words.severity')}
          w={140}
          data={SEVERITIES.map((value) => ({ value, label: t(`words.${value}`) }))}
          value={severity}
          onChange={(value) => value && setSeverity(value as Severity)}
          allowDeselect={false}
        />
        <Select
          label={t('history.testTo')}
          w={220}
          data={[
            { value: '', label: t('history.testAll') },
            ...channels.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
          value={channel}
          onChange={(value) => setChannel(value ?? '')}
          allowDeselect={false}
        />
        <TextInput
          label={t('history.testMessage')}
          placeholder={kind === 'manual_test' ? t('history.testStandard') : ''}
          value={message}
          onChange={({ currentTarget }) => setMessage(currentTarget.value)}
          style={{ flex: '1 1 220px', maxWidth: 520 }}
          maxLength={2000}
        />
        <Button loading={test.isPending} onClick={() => test.mutate()}>
          {t('history.testSend')}
        </Button>
      </Group>
      <div role="status" style={{ marginTop: 10 }}>
        {test.error && <Failure error={test.error} />}
        {test.data && <TestReport report={test.data} />}
      </div>
    </Card>
  )
}
