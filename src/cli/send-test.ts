import { existsSync } from 'node:fs'
import { channelTypes } from '#channels/index.ts'
import { readEnvironment } from '#config/env.ts'
import { systemClock } from '#lib/time/clock.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { ownZone } from '#lib/time/zone.ts'
import { testMessage } from '#pipeline/tell/write.ts'
import { type DeliveryOutcomeView, deliveryOutcomeView } from '#templates/delivery-outcome-view.ts'
import { renderMessage } from '#templates/render.ts'
import { type AddCommand, CommandError, printJson, printLines, untilSignal } from './command.ts'
import { readConfig } from './read-config.ts'

const TIMEOUT_MS = 30_000

const print = (name: string, target: string, outcome: DeliveryOutcomeView) => {
  for (const step of outcome.steps ?? [])
    printLines([`  ${step.name.padEnd(12)} ${step.ms.toFixed(0).padStart(6)} ms  ${step.detail ?? ''}`.trimEnd()])
  if (outcome.ok) {
    printLines([`Delivered to ${name} (${target}).${outcome.response ? ` Answer: ${outcome.response}` : ''}`])
    for (const { recipient, answer } of outcome.refused ?? []) printLines([`Refused: ${recipient}: ${answer}`])
  } else {
    printLines([`Not delivered to ${name} (${target}): ${outcome.message} (${outcome.reason}, ${outcome.kind})`])
    if (outcome.cure) printLines([`What helps: ${outcome.cure}`])
  }
}

export const addSendTest: AddCommand = (program) => {
  program
    .command('send-test')
    .description('send one test message by a channel and show each step')
    .argument('<channel>', 'name of a channel in the configuration file')
    .option('--config <file>', 'configuration file (default: ./vigia.yaml)')
    .option('--data <folder>', 'data folder')
    .option('--json', 'print one JSON object')
    .action(async (name: string, flags: { config?: string; json?: boolean }) => {
      const environment = readEnvironment()
      const path = flags.config ?? './vigia.yaml'
      if (!existsSync(path)) throw new CommandError(`${path} does not exist; name the file with --config`)
      const config = readConfig(path, environment)
      const channel = config.channels.find((one) => one.name === name)
      if (!channel)
        throw new CommandError(
          `no channel is named ${name}; there are: ${config.channels.map((one) => one.name).join(', ') || 'none'}`,
        )
      const type = channelTypes.get(channel.type)!
      const now = systemClock.now()
      const rendered = renderMessage(testMessage(now), {
        language: channel.language ?? config.server.language ?? 'en',
        timeZone: channel.timeZone ?? config.server.timeZone ?? ownZone(),
        now,
      })
      const sent = await type.send(rendered, channel.options as never, {
        signal: AbortSignal.any([untilSignal(), AbortSignal.timeout(TIMEOUT_MS)]),
        timeoutMs: TIMEOUT_MS,
        environment,
        now: systemClock.now,
        timers: systemTimers,
        references: [],
      })
      const outcome = deliveryOutcomeView(sent)
      if (flags.json) printJson({ channel: name, ...outcome })
      else print(name, type.describe(channel.options as never), outcome)
      process.exitCode = outcome.ok ? 0 : 1
    })
}
