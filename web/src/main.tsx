import '@mantine/core/styles.css'
import './styles.css'
import './i18n/index.ts'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, useMemo } from 'react'
import { createRoot } from 'react-dom/client'
import { useTranslation } from 'react-i18next'
import { Router } from 'wouter'
import { ApiError } from './api/client.ts'
import { followLive } from './api/live.ts'
import { sessionEnded } from './api/session.ts'
import { askBeforeLeaving } from './forms/use-leave-guard.ts'
import { useSignal } from './lib/signal.ts'
import { App } from './shell/app.tsx'
import { colorSchemeManager, themeIn } from './theme.ts'

const client = new QueryClient({
  defaultOptions: {
    // What the browser thinks of the network says nothing of a server that may be on this very machine; and what somebody
    // does without a line is told to have failed, not done of itself when the line is back.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      refetchOnReconnect: true,
      staleTime: 10_000,
      // A refusal does not change by asking again; a lost line does.
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof ApiError) || error.code === 'network' || error.status >= 500),
    },
  },
})

// The server was updated meanwhile: the parts of the old page are gone.
addEventListener('vite:preloadError', () => location.reload())

const stop = followLive(client)
addEventListener('pagehide', stop)

const Root = () => {
  const { t } = useTranslation()
  const mustSignIn = useSignal(sessionEnded)
  const theme = useMemo(() => themeIn(t, mustSignIn), [t, mustSignIn])
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorSchemeManager}>
      <QueryClientProvider client={client}>
        <Router aroundNav={askBeforeLeaving}>
          <App />
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  )
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Root />
  </StrictMode>,
)
