import { Alert, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client.ts'
import { useErrorText } from './error-text.ts'

interface HeadProps {
  readonly title: string
  /** Beside the title: a state, a count. */
  readonly beside?: ReactNode
  readonly below?: ReactNode
  readonly actions?: ReactNode
}

/** The head of a page, which names the document too. */
export const PageHead = ({ title, beside, below, actions }: HeadProps) => {
  useEffect(() => {
    document.title = `${title} · Vigía`
  }, [title])
  return (
    <Group justify="space-between" align="flex-start" gap="sm" mb="md">
      <Stack gap={2} style={{ minWidth: 0, flex: '1 1 260px' }}>
        <Group gap="sm">
          <Title order={1} size="h2" className="break">
            {title}
          </Title>
          {beside}
        </Group>
        {below}
      </Stack>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}

/** What stands where there is nothing yet: says what would be here, and the way to it. */
export const Empty = ({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) => (
  <Stack align="center" gap="xs" py="xl" px="md" ta="center">
    <Text fw={600}>{title}</Text>
    {children && (
      <Text className="quiet" maw={560} component="div">
        {children}
      </Text>
    )}
    {action && (
      <Group mt="xs" justify="center">
        {action}
      </Group>
    )}
  </Stack>
)

export const Failure = ({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) => {
  const { t } = useTranslation()
  const text = useErrorText()
  return (
    <Alert color="red" variant="light" title={text(error)} role="alert">
      {error instanceof ApiError && error.code === 'network' && <Text size="sm">{t('shell.errors.networkHint')}</Text>}
      {retry && (
        <Button mt="xs" size="xs" variant="default" onClick={retry}>
          {t('words.retry')}
        </Button>
      )}
    </Alert>
  )
}

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>
  readonly lines?: number
  readonly children: (data: T) => ReactNode
}

/** What a query answers, or that it still comes, or why it does not. Old data stays while a new try fails. */
export const Loaded = <T,>({ query, lines = 3, children }: LoadedProps<T>) => {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />
  return (
    <Stack gap="xs" aria-busy="true">
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <Skeleton key={index} height={22} />
      ))}
    </Stack>
  )
}
