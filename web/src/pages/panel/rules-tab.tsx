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
import { useKindName } from '../../components/kind.ts'
import { Empty, Loaded } from '../../components/page.tsx'
import { SeverityText } from '../../components/state.tsx'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { relative, useNow } from '../../lib/format.ts'
import { FoldedSuggestions } from './folded-suggestions.tsx'
import classes from './panel.module.css'
import { isSuggestedRule, suggestionWords, takenUp } from './suggestions.ts'

export const RulesTab = () => {
  const { t } = useTranslation()
  const may = useMay()
  const rules = useRules()
  const add = may && (
    <Button component={Link} href="/channels/rules/new" leftSection={<Icon name="plus" />}>
      {t('rules.new')}
    </Button>
  )
  const head = [t('words.name'), t('words.type'), t('words.severity'), t('words.channels'), t('words.state')]
  const saved = ({ name, type, severity, channels, enabled }: Rule) => [
    name,
    type,
    severity && t(`words.${severity}`),
    channels.join(', '),
    t(enabled ? 'words.enabled' : 'words.disabled'),
  ]
  return (
    <Card padding={0} component="section" aria-label={t('history.rules')}>
      <Loaded query={rules}>
        {(all) => {
          const items = all.filter((rule) => !isSuggestedRule(rule))
          const suggested = all.filter(isSuggestedRule)
          return (
            <>
              {items.length === 0 ? (
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
                    <ExportButton name={t('history.rules')} head={head} rows={async () => items.map(saved)} />
                  </Group>
                </>
              )}
              <FoldedSuggestions count={suggested.length}>
                {suggested.map((rule) => (
                  <Line key={rule.id} rule={{ ...rule, ...suggestionWords(rule) }} may={may} taken={takenUp(rule)} />
                ))}
              </FoldedSuggestions>
            </>
          )
        }}
      </Loaded>
    </Card>
  )
}

interface LineProps {
  readonly rule: Rule
  readonly may: boolean
  /** Of a suggestion: what changes when somebody wants it. */
  readonly taken?: object
}

const Line = ({ rule, may, taken }: LineProps) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const errorText = useErrorText()
  const kindName = useKindName()
  const now = useNow()
  const { id, name, enabled } = rule
  const toggle = async () => {
    try {
      await api.patch(`/rules/${id}`, taken ?? { enabled: !enabled })
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
        <span title={rule.type}>{kindName(rule.type)}</span>{' '}
        {rule.severity && <SeverityText severity={rule.severity} />}
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
