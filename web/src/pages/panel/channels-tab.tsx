import { Button, Card, Group, Switch, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useChannels, useMay, useTypes } from '../../api/queries.ts'
import type { Channel } from '../../api/types.ts'
import { useErrorText } from '../../components/error-text.ts'
import { ExportButton } from '../../components/export-button.tsx'
import { Icon } from '../../components/icon.tsx'
import { Empty, Loaded } from '../../components/page.tsx'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { wordsOf } from '../../i18n/words-of.ts'
import { useTestChannel } from '../channels/test-channel.ts'
import { FoldedSuggestions } from './folded-suggestions.tsx'
import classes from './panel.module.css'
import { isSuggestedChannel, suggestionWords } from './suggestions.ts'

export const ChannelsTab = () => {
  const { t } = useTranslation()
  const may = useMay()
  const channels = useChannels()
  const add = may && (
    <Button component={Link} href="/channels/new" leftSection={<Icon name="plus" />}>
      {t('history.newChannel')}
    </Button>
  )
  const head = [t('words.name'), t('words.type'), t('words.description'), t('words.state')]
  const saved = ({ name, type, description, enabled }: Channel) => [
    name,
    type,
    description,
    t(enabled ? 'words.enabled' : 'words.disabled'),
  ]
  return (
    <Card padding={0} component="section" aria-label={t('history.channels')}>
      <Loaded query={channels}>
        {(all) => {
          const items = all.filter((channel) => !isSuggestedChannel(channel))
          const suggested = all.filter(isSuggestedChannel)
          return (
            <>
              {items.length === 0 ? (
                <Empty title={t('history.noChannels')} action={add}>
                  {t('history.noChannelsHint')}
                </Empty>
              ) : (
                <>
                  <ul className={classes.list}>
                    {items.map((channel) => (
                      <Line key={channel.id} channel={channel} may={may} />
                    ))}
                  </ul>
                  <Group justify="flex-end" p="sm">
                    <ExportButton name={t('history.channels')} head={head} rows={async () => items.map(saved)} />
                  </Group>
                </>
              )}
              <FoldedSuggestions count={suggested.length}>
                {suggested.map((channel) => (
                  <Line key={channel.id} channel={{ ...channel, ...suggestionWords(channel) }} may={may} />
                ))}
              </FoldedSuggestions>
            </>
          )
        }}
      </Loaded>
    </Card>
  )
}

const Line = ({ channel, may }: { readonly channel: Channel; readonly may: boolean }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const errorText = useErrorText()
  const test = useTestChannel()
  const { data: types } = useTypes()
  const [busy, setBusy] = useState(false)
  const { id, name, enabled } = channel
  const type = types?.channels.find((one) => one.name === channel.type)
  const toggle = async () => {
    try {
      await api.patch(`/channels/${id}`, { enabled: !enabled })
      sayDone(t(enabled ? 'history.disabledNow' : 'history.enabledNow', { name }))
    } catch (error) {
      sayFailed(errorText(error))
    }
    void client.invalidateQueries({ queryKey: ['channels'] })
  }
  return (
    <li className={classes.line}>
      <Switch
        aria-label={t(enabled ? 'history.disable' : 'history.enable', { name })}
        checked={enabled}
        disabled={!may || channel.origin !== null}
        onChange={() => void toggle()}
      />
      <span className={classes.name}>
        <Link href={`/channels/${id}`} className="plain clip" style={{ fontWeight: 600 }}>
          {name}
        </Link>
        <span className="quiet clip">{channel.description}</span>
      </span>
      <span className={classes.facts}>
        {type ? wordsOf(type).title : channel.type}
        {channel.rate_limit && (
          <span className="quiet">
            {' '}
            · {channel.rate_limit.count} / {channel.rate_limit.per}
          </span>
        )}
        {channel.origin !== null && (
          <span className="quiet"> · {t('history.fromFile', { origin: channel.origin })}</span>
        )}
        {channel.locked && (
          <Text size="sm" c="var(--state-down-text)">
            {t('history.locked')}
          </Text>
        )}
      </span>
      {may && (
        <Group gap="xs" wrap="nowrap" className={classes.actions ?? ''}>
          <Button
            size="xs"
            variant="default"
            loading={busy}
            onClick={() => {
              setBusy(true)
              void test(channel).then(() => setBusy(false))
            }}
          >
            {t('words.test')}
          </Button>
          {channel.origin === null && (
            <Button size="xs" variant="default" component={Link} href={`/channels/${id}`}>
              {t('words.edit')}
            </Button>
          )}
        </Group>
      )}
    </li>
  )
}
