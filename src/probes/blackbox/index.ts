import { probeDns } from './dns.ts'
import { probeHttp } from './http.ts'
import { probeIcmp } from './icmp.ts'
import type { BlackboxModule } from './module.ts'
import type { BlackboxContext } from './prober.ts'
import type { Recorder } from './recorder.ts'
import { probeTcp } from './tcp.ts'

/** Looks at a target as a module says; notes success and duration. */
export const runBlackbox = async (
  module: BlackboxModule,
  target: string,
  context: BlackboxContext,
  recorder: Recorder,
): Promise<boolean> => {
  const started = performance.now()
  recorder.info('Beginning probe', { probe: module.prober, timeout_seconds: context.timeoutMs / 1000 })
  const success = await look(module, target, context, recorder)
  const seconds = (performance.now() - started) / 1000
  recorder.set('probe_duration_seconds', 'How long the probe took.', seconds)
  recorder.set('probe_success', 'Whether the probe succeeded.', success ? 1 : 0)
  recorder.info(success ? 'Probe succeeded' : 'Probe failed', { duration_seconds: seconds })
  return success
}

const look = (
  module: BlackboxModule,
  target: string,
  context: BlackboxContext,
  recorder: Recorder,
): Promise<boolean> => {
  switch (module.prober) {
    case 'http':
      return probeHttp(module.http, target, context, recorder)
    case 'tcp':
      return probeTcp(module.tcp, target, context, recorder)
    case 'icmp':
      return probeIcmp(module.icmp, target, context, recorder)
    case 'dns':
      return probeDns(module.dns, target, context, recorder)
  }
}
