import type { ProbeOutcome } from '#core/result/result.ts'
import { createProbeTools } from '#engine/tools.ts'
import { parseDuration } from '#lib/time/duration.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { outcomeView, stepView } from '#templates/outcome-view.ts'
import { inEnglish } from '#templates/said.ts'
import { type AddCommand, CommandError, printJson, printLines, untilSignal } from './command.ts'

/** The outcome in the shape that scripts read. */
const asJson = (target: string, type: string, outcome: ProbeOutcome) => ({
  ok: outcome.ok,
  target,
  type,
  ...outcomeView(outcome),
  ...(outcome.metrics && { metrics: outcome.metrics }),
})

const factsOf = ({ name: _, ms: __, causes: ___, ...facts }: ReturnType<typeof stepView>): string =>
  Object.entries(facts)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ')

const printForPeople = (target: string, type: string, outcome: ProbeOutcome) => {
  const latency =
    outcome.latencyMs === undefined ? '' : ` in ${outcome.latencyMs.toFixed(outcome.latencyMs < 10 ? 2 : 1)} ms`
  printLines([`${outcome.ok ? 'OK    ' : 'FAILED'} ${target} (${type})${outcome.ok ? latency : ''}`])
  for (const step of outcome.steps ?? [])
    printLines([`  ${step.name.padEnd(12)} ${step.ms.toFixed(1).padStart(8)} ms  ${factsOf(stepView(step))}`.trimEnd()])
  if (outcome.error) printLines([`  ${outcome.error.code}: ${inEnglish(outcome.error.cause)}`])
  for (const [key, value] of Object.entries(outcome.facts ?? {}))
    printLines([`  ${key}: ${typeof value === 'object' ? JSON.stringify(value) : value}`])
}

interface Flags {
  readonly config?: string
  readonly timeout?: string
  readonly json?: boolean
}

export const addCheck: AddCommand = (program) => {
  program
    .command('check')
    .description('probe a target once and show every step, or look through a configuration file')
    .argument(
      '[target]',
      'HOST, icmp://HOST, tcp://HOST:PORT, http(s)://…, dns://NAME?type=A&resolver=IP, tls://HOST:PORT',
    )
    .option('--config <file>', 'in place of a target: read this file and say what is wrong with it; nothing is probed')
    .option('--timeout <duration>', 'give up after this long, for example 500ms or 5s')
    .option('--json', 'print one JSON object')
    .action(async (text: string | undefined, options: Flags) => {
      if (options.config !== undefined) {
        if (text !== undefined) throw new CommandError('write a target or --config FILE, not both')
        // What reads files stays away from who only looks.
        const { checkFile } = await import('./check-file.ts')
        return checkFile(options.config, options.json ?? false)
      }
      if (text === undefined) throw new CommandError('write a target to probe, or --config FILE')
      const parsed = parseTarget(text)
      if (!parsed.ok) throw new CommandError(parsed.problem)
      const { options: target, type: typeName } = parsed.value
      const type = probeTypes.get(typeName)!
      if (!type.run)
        throw new CommandError(`${text}: a ${type.name} monitor waits to be called, there is nothing to probe`)
      const timeoutMs = options.timeout === undefined ? type.defaultTimeoutMs : parseDuration(options.timeout)
      if (!timeoutMs) throw new CommandError(`--timeout ${options.timeout}: not a duration; write 500ms, 5s or 1m`)
      const tools = createProbeTools()
      try {
        const signal = AbortSignal.any([untilSignal(), AbortSignal.timeout(timeoutMs + 2000)])
        const outcome = await type.run(target, { timeoutMs, signal, tools, trace: true })
        const described = type.describe(target)
        if (options.json) printJson(asJson(described, type.name, outcome))
        else printForPeople(described, type.name, outcome)
        process.exitCode = outcome.ok ? 0 : 1
      } finally {
        tools.close()
      }
    })
}
