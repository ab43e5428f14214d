import { Button, Card, Group, Switch } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { api } from '../../api/client.ts'
import { useMay, useRules } from '../../api/queries.ts'
import type { Rule } from '../../api/types.ts'
import { useErrorText } from '../../components/error-text.ts'
import { ExportButton } from '../../components/export-button.tsx'
import { Icon } from '../../components/icon.tsx'
import { Empty, Loaded } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { relative, useNow } from '../../lib/format.ts'
import classes from './panel.module.css'

export const RulesTab = () => {
  const { t } = useTranslation()
  const may = useMay()
  const rules = useRules()
  const add = may && (
    <Button component={Link} href="/channels/rules/new" leftSection={<Icon name="plus" />}>
      {t('rules.new')}
    </Button>
  )
  return (
    <Card padding={0} component="section" aria-label={t('history.rules')}>
      <Loaded query={rules}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('rules.none')} action={add}>
              {t('rules.noneHint')}
            </Empty>
          ) : (
            <>
              <ul className={classes.list}>
                {items.map((rule) => (
                  <Line key={rule.id} rule={rule} may={may} />
                ))}
              </ul>
              <Group justify="flex-end" p="sm">
                <ExportButton
                  name={t('history.rules')}
                  head={[t('words.name'), t('words.type'), t('words.severity'), t('words.channels'), t('words.state')]}
                  rows={async () =>
                    items.map(({ name, type, severity, channels, enabled }) => [
                      name,
                      type,
                      severity && t(`words.${severity}`),
                      channels.join(', '),
                      t(enabled ? 'words.enabled' : 'words.disabled'),
                    ])
                  }
                />
              </Group>
            </>
          )
        }
      </Loaded>
    </Card>
  )
}

const Line = ({ rule, may }: { readonly rule: Rule; readonly may: boolean }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const errorText = useErrorText()
  const now = useNow()
  const { id, name, enabled } = rule
  const toggle = async () => {
    try {
      await api.patch(`/rules/${id}`, { enabled: !enabled })
      sayDone(t(enabled ? 'history.disabledNow' : 'history.enabledNow', { name }))
    } catch (error) {
      sayFailed(errorText(error))
    }
    void client.invalidateQueries({ queryKey: ['rules'] })
  }
  const facts = [
    rule.channels.join(', '),
    rule.origin !== null && t('history.fromFile', { origin: rule.origin }),
    rule.cooldown !== '0' && t('rules.cooldown', { time: rule.cooldown }),
    t('rules.triggered', { count: rule.triggers }),
    rule.last_triggered_at && t('rules.lastTriggered', { time: relative(rule.last_triggered_at, now) }),
  ].filter(Boolean)
  return (
    <li className={classes.line}>
      <Switch
        aria-label={t(enabled ? 'history.disable' : 'history.enable', { name })}
        checked={enabled}
        disabled={!may || rule.origin !== null}
        onChange={() => void toggle()}
      />
      <span className={classes.name}>
        <Link href={`/channels/rules/${id}`} className="plain clip" style={{ fontWeight: 600 }}>
          {name}
        </Link>
        <span className="quiet clip">{rule.description}</span>
      </span>
      <span className={classes.facts}>
        <span className="mono">{rule.type}</span> {rule.severity && <SeverityText severity={rule.severity} />}
        <div className="quiet">{facts.join(' · ')}</div>
      </span>
      {may && rule.origin === null && (
        <Button
          size="xs"
          variant="default"
          component={Link}
          href={`/channels/rules/${id}`}
          className={classes.actions ?? ''}
        >
          {t('words.edit')}
        </Button>
      )}
    </li>
  )
}
