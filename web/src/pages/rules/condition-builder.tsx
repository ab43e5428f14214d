import {
  ActionIcon,
  Autocomplete,
  Button,
  Group as Row,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSources } from '../../api/queries.ts'
import { Icon } from '../../components/icon.tsx'
import {
  type Check,
  type Group,
  isOperator,
  type Node,
  newCheck,
  newGroup,
  OPERATORS,
  parseScalar,
  showScalar,
  takesList,
} from './conditions.ts'

interface Props {
  readonly root: Group
  readonly onChange: (root: Group) => void
  /** Fields that recent events of the type carry. */
  readonly fields: readonly string[]
}

/** Conditions without writing JSON: fields, operators, values, and groups of them. */
export const ConditionBuilder = ({ root, onChange, fields }: Props) => {
  const { t } = useTranslation()
  if (root.parts.length === 0)
    return (
      <Stack gap="xs">
        <Text size="sm" className="quiet">
          {t('rules.always')}
        </Text>
        <AddButtons group={root} onChange={onChange} />
      </Stack>
    )
  return <GroupEditor group={root} onChange={onChange} fields={fields} />
}

interface GroupProps {
  readonly group: Group
  readonly onChange: (group: Group) => void
  readonly remove?: () => void
  readonly fields: readonly string[]
}

const GroupEditor = ({ group, onChange, remove, fields }: GroupProps) => {
  const { t } = useTranslation()
  const modes = remove ? (['all', 'any', 'not'] as const) : (['all', 'any'] as const)
  const replace = (id: number, node: Node | undefined) =>
    onChange({ ...group, parts: group.parts.flatMap((part) => (part.id !== id ? [part] : node ? [node] : [])) })
  return (
    <Stack gap="xs" style={remove && { borderLeft: '3px solid var(--line)', paddingLeft: 12 }}>
      {(group.parts.length > 1 || remove) && (
        <Row gap="xs">
          <Select
            size="xs"
            w={210}
            aria-label={t('rules.group')}
            data={modes.map((value) => ({ value, label: t(`rules.${value}`) }))}
            value={group.mode}
            onChange={(mode) => mode && onChange({ ...group, mode: mode as Group['mode'] })}
            allowDeselect={false}
          />
          {remove && (
            <ActionIcon variant="subtle" color="gray" aria-label={t('rules.remove')} onClick={remove}>
              <Icon name="cross" size={16} />
            </ActionIcon>
          )}
        </Row>
      )}
      {group.parts.map((part) =>
        part.kind === 'check' ? (
          <CheckEditor
            key={part.id}
            check={part}
            fields={fields}
            onChange={(next) => replace(part.id, next)}
            remove={() => replace(part.id, undefined)}
          />
        ) : (
          <GroupEditor
            key={part.id}
            group={part}
            fields={fields}
            onChange={(next) => replace(part.id, next)}
            remove={() => replace(part.id, undefined)}
          />
        ),
      )}
      <AddButtons group={group} onChange={onChange} />
    </Stack>
  )
}

const AddButtons = ({ group, onChange }: Pick<GroupProps, 'group' | 'onChange'>) => {
  const { t } = useTranslation()
  const add = (node: Node) => onChange({ ...group, parts: [...group.parts, node] })
  return (
    <Row gap="xs">
      <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => add(newCheck())}>
        {t('rules.addCondition')}
      </Button>
      <Button size="xs" variant="subtle" onClick={() => add(newGroup('any', [newCheck()]))}>
        {t('rules.addGroup')}
      </Button>
    </Row>
  )
}

interface CheckProps {
  readonly check: Check
  readonly onChange: (check: Check) => void
  readonly remove: () => void
  readonly fields: readonly string[]
}

/** Which database tells a field of an address. */
const DATABASES: Readonly<Record<string, 'country' | 'owner'>> = { country: 'country', owner: 'owner', asn: 'owner' }

/** The database that a condition needs and that the server does not have. */
const useMissingDatabase = (field: string) => {
  const { data } = useSources()
  const database = Object.hasOwn(DATABASES, field) ? DATABASES[field] : undefined
  return data && database && !data.address_facts[database] ? database : undefined
}

const CheckEditor = ({ check, onChange, remove, fields }: CheckProps) => {
  const { t } = useTranslation()
  const missing = useMissingDatabase(check.field)
  const operate = (operator: string | null) => {
    if (operator === null || !isOperator(operator)) return
    const list = takesList(operator)
    const { value } = check
    const fitting =
      operator === 'exists'
        ? true
        : list && !Array.isArray(value)
          ? value === ''
            ? []
            : [value]
          : !list && Array.isArray(value)
            ? (value[0] ?? '')
            : value
    onChange({ ...check, operator, value: fitting })
  }
  return (
    <Row gap={6} align="flex-start" wrap="wrap">
      <Autocomplete
        size="sm"
        style={{ flex: '1 1 130px' }}
        aria-label={t('rules.field')}
        placeholder={t('rules.field')}
        data={[...fields]}
        value={check.field}
        onChange={(field) => onChange({ ...check, field })}
      />
      <Select
        size="sm"
        style={{ flex: '1 1 150px' }}
        aria-label={t('rules.operator')}
        data={OPERATORS.map((value) => ({ value, label: t(`rules.operators.${value}`) }))}
        value={check.operator}
        onChange={operate}
        allowDeselect={false}
      />
      <div style={{ flex: '2 1 160px' }}>
        <ValueEditor key={check.operator} check={check} onChange={(value) => onChange({ ...check, value })} />
      </div>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('rules.remove')} onClick={remove}>
        <Icon name="cross" size={16} />
      </ActionIcon>
      {missing && (
        <Text size="sm" className="quiet" style={{ flexBasis: '100%' }}>
          {missing === 'country' ? t('rules.noCountry') : t('rules.noOwner')}
        </Text>
      )}
    </Row>
  )
}

const ValueEditor = ({ check, onChange }: { readonly check: Check; readonly onChange: (value: unknown) => void }) => {
  const { t } = useTranslation()
  const [text, setText] = useState(() => showScalar(check.value))
  if (check.operator === 'exists')
    return (
      <Switch
        mt={8}
        label={t(check.value === false ? 'words.no' : 'words.yes')}
        checked={check.value !== false}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    )
  if (takesList(check.operator)) {
    const list = Array.isArray(check.value) ? check.value : [check.value]
    const parse = check.operator === 'cidr' ? String : parseScalar
    return (
      <TagsInput
        size="sm"
        aria-label={t('rules.value')}
        placeholder={t('rules.values')}
        value={list.map(showScalar).filter((one) => one !== '')}
        onChange={(tags) => onChange(tags.map(parse))}
        acceptValueOnBlur
      />
    )
  }
  const plain = check.operator === 'contains' || check.operator === 'matches'
  return (
    <TextInput
      size="sm"
      aria-label={t('rules.value')}
      placeholder={t('rules.value')}
      value={plain ? String(check.value ?? '') : text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value)
        onChange(plain ? currentTarget.value : parseScalar(currentTarget.value))
      }}
    />
  )
}
