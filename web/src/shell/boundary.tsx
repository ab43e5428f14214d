import { Alert, Button, Text } from '@mantine/core'
import i18next from 'i18next'
import { Component, type ReactNode } from 'react'

interface Props {
  readonly children: ReactNode
}

/** Keeps a page that fails from taking the frame with it. A class, because only classes can catch. */
export class Boundary extends Component<Props, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {}

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <Alert color="red" title={i18next.t('shell.errors.crash')} role="alert">
        <Text size="sm">{i18next.t('shell.errors.crashHint')}</Text>
        <Text size="sm" className="mono break" my="xs">
          {error.message}
        </Text>
        <Button size="xs" variant="default" onClick={() => location.reload()}>
          {i18next.t('shell.errors.reload')}
        </Button>
      </Alert>
    )
  }
}
