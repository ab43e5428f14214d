import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket, type Server as TcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Option } from 'commander'
import pino from 'pino'
import { channelTypes } from '#channels/index.ts'
import { loadConfigText, problemText } from '#config/load.ts'
import type { Language } from '#core/message/message.ts'
import { http } from '#lib/net/node-http.ts'
import { systemTimers, type Timer } from '#lib/time/timers.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { startServer } from '../main.ts'
import { type AddCommand, CommandError } from './command.ts'
import { demoWords } from './demo/demo-words.ts'
import { parseMail } from './demo/mail-parts.ts'
import { createHttpReceiver, createMailReceiver } from './demo/receivers.ts'
import { logDestination } from './log-destination.ts'

/** No step of the demonstration may wait longer. */
const PATIENCE_MS = 20_000

const listen = (server: TcpServer, port = 0) =>
  new Promise<number>((resolve, reject) => {
    server.on('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })

const within = async <T>(what: string, work: Promise<T>): Promise<T> => {
  let timer: Timer | undefined
  const late = new Promise<never>((_, reject) => {
    timer = systemTimers.after(PATIENCE_MS, () =>
      reject(new CommandError(`the demonstration waited too long for ${what}`, 1)),
    )
  })
  return Promise.race([work, late]).finally(() => systemTimers.clear(timer))
}

/** A target that accepts; the probe's reset at its end is no error of its own. */
const greet = (socket: Socket) => socket.on('error', () => {}).end()

const title = (text: string) => console.log(`\n== ${text}`)
const indent = (text: string) => text.trim().replace(/^/gm, '   | ')

const showMail = (raw: string) => {
  const { headers, text } = parseMail(raw)
  for (const name of ['from', 'to', 'subject'])
    console.log(`   | ${name[0]!.toUpperCase()}${name.slice(1)}: ${headers[name]?.[0] ?? ''}`)
  console.log('   |')
  console.log(indent(text ?? ''))
}

/** Three targets on this machine, a mail server and a webhook receiver, all real, all gone afterwards. */
export const addDemo: AddCommand = (program) => {
  program
    .command('demo')
    .description('break and repair a target on this machine and show the messages; needs no account and no network')
    .addOption(new Option('--language <language>', 'language of the messages').choices(['en', 'es']).default('en'))
    .action(async ({ language }: { language: Language }) => {
      const words = demoWords[language]
      const started = performance.now()
      const folder = mkdtempSync(join(tmpdir(), 'vigia-demo-'))
      const mail = await createMailReceiver()
      const hook = await createHttpReceiver()
      const web = http.createServer((_request, response) => response.end('all is well'))
      const webPort = await listen(web)
      let shop = createServer(greet)
      const shopPort = await listen(shop)
      const loaded = loadConfigText(
        JSON.stringify({
          server: { language },
          defaults: {
            interval: '1s',
            timeout: '500ms',
            failures: 3,
            retry_interval: '500ms',
            successes: 2,
            recovery_interval: '500ms',
            channels: ['mail', 'hook'],
          },
          channels: [
            {
              name: 'mail',
              type: 'email',
              options: {
                to: ['noc@isp.example'],
                from: 'vigia@isp.example',
                smtp: { host: '127.0.0.1', port: mail.port, security: 'none' },
              },
            },
            { name: 'hook', type: 'webhook', options: { url: `http://127.0.0.1:${hook.port}/alerts` } },
          ],
          monitors: [
            { name: 'shop', target: `tcp://127.0.0.1:${shopPort}`, description: words.shop, location: words.rack },
            { name: 'web', target: `http://127.0.0.1:${webPort}/` },
            { name: 'this machine', target: 'icmp://127.0.0.1', failures: 1 },
          ],
        }),
        'demo',
        { environment: {}, probeTypes, channelTypes, parseTarget },
      )
      if (!loaded.ok) throw new CommandError(loaded.problems.map(problemText).join('\n'))
      const { config } = loaded
      const vigia = await startServer({
        dataDir: folder,
        wanted: config,
        language: config.server.language,
        timeZone: config.server.timeZone,
        environment: {},
        log: pino({ level: 'error' }, logDestination()),
      })
      try {
        title(words.watches)
        for (const { monitor, target } of vigia.monitors())
          console.log(`   ${monitor.name}: ${target} (${monitor.type})`)
        await systemTimers.pause(2500)

        title(words.breaks)
        await new Promise((done) => shop.close(done))
        await within('the mail about the outage', mail.received(1))
        await within('the webhook about the outage', hook.received(1))
        console.log(`   ${words.mail}`)
        showMail(mail.kept[0]!)
        console.log(`   ${words.webhook}`)
        console.log(indent(JSON.stringify(JSON.parse(hook.kept[0]!), null, 2)))

        title(words.repaired)
        shop = createServer(greet)
        await listen(shop, shopPort)
        await within('the mail about the recovery', mail.received(2))
        await within('the webhook about the recovery', hook.received(2))
        showMail(mail.kept[1]!)
        title(words.done(((performance.now() - started) / 1000).toFixed(0)))
        console.log(`   ${words.own}`)
      } finally {
        await vigia.stop()
        for (const server of [shop, web]) server.close()
        await Promise.all([mail.close(), hook.close()])
        rmSync(folder, { recursive: true, force: true })
      }
      process.exit(0)
    })
}
