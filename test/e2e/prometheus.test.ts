import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { parseMail } from '#cli/demo/mail-parts.ts'
import { buildMetrics } from '#config/metrics.ts'
import { DEFAULT_PORT_LIMITS } from '#core/port/port-state.ts'
import { lacksPrograms } from '../fixtures/machine.ts'
import { fileChannel, fileMonitor, type Json, startTestServer, type TestServer, until } from '../fixtures/server.ts'
import { createHttpSink, type HttpSink } from '../fixtures/servers/http-sink.ts'
import { createSmtpSink, type SmtpSink } from '../fixtures/servers/smtp-sink.ts'

const without = (...tools: readonly string[]): string | false => {
  const missing = lacksPrograms(...tools)
  return missing && `${missing} (Debian: prometheus, prometheus-alertmanager)`
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

describe('beside Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-beside-'))
  let api: TestServer
  let smtp: SmtpSink
  let hooks: HttpSink
  before(async () => {
    smtp = await createSmtpSink()
    hooks = await createHttpSink()
    const email = {
      to: ['noc@isp.example'],
      from: 'vigia@isp.example',
      smtp: { host: smtp.host, port: smtp.port, security: 'none' },
    }
    api = await startTestServer({
      wanted: {
        channels: [
          fileChannel('mail', '', { type: 'email', options: email }),
          fileChannel('listener', '', { type: 'alertmanager', options: { url: hooks.url } }),
        ],
        monitors: [fileMonitor('calls', { labels: { site: 'POP-3' } })],
        metrics: buildMetrics({ labels: ['site'], monitor_histograms: true, legacy: true }),
        ports: { watch: [9], everyMs: 1000, remote: true, limits: DEFAULT_PORT_LIMITS, perPort: {} },
      },
    })
    await api.post('rules', { name: 'prometheus', type: 'prometheus_alert', channels: ['mail', 'listener'] })
  })
  after(async () => {
    await api?.stop()
    await smtp?.close()
    await hooks?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('promtool accepts the metrics of a running server', { skip: without('promtool') }, async () => {
    await api.push('calls')
    const text = await until(async () => {
      const { text } = await api.request('GET', '/metrics')
      return text.includes('vigia_monitor_up{') && text
    }, 'a result')
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
    const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('vigia_'))
    // The older names are as they were: it would have named them otherwise.
    assert.deepEqual(complaints, [])
    assert.notEqual(status, 1, stderr)
  })

  describe('an alert of a real one', { skip: without('prometheus') }, () => {
    let prometheus: ChildProcess
    before(async () => {
      const target = new URL(api.url).host
      const port = await freePort()
      const access = (role: 'viewer' | 'operator') => ({
        authorization: { credentials: api.tokens[role] },
        static_configs: [{ targets: [target] }],
      })
      const rule = {
        alert: 'CallsMissing',
        expr: 'vigia_monitor_up{monitor="calls"} == 0',
        labels: { severity: 'critical' },
        annotations: { summary: 'nobody calls {{ $labels.monitor }} at {{ $labels.site }}' },
      }
      writeFileSync(
        join(folder, 'rules.yml'),
        JSON.stringify({ groups: [{ name: 'calls', interval: '1s', rules: [rule] }] }),
      )
      const config = {
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: ['rules.yml'],
        alerting: { alertmanagers: [access('operator')] },
        scrape_configs: [{ job_name: 'vigia', ...access('viewer') }],
      }
      writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config))
      const flags = ['config.file=prometheus.yml', 'storage.tsdb.path=data', `web.listen-address=127.0.0.1:${port}`]
      prometheus = spawn('prometheus', [...flags.map((flag) => `--${flag}`), '--rules.alert.resend-delay=1s'], {
        cwd: folder,
        stdio: 'ignore',
      })
    })
    after(async () => {
      if (prometheus?.exitCode !== null) return
      const ended = once(prometheus, 'exit')
      prometheus.kill('SIGKILL')
      await ended
    })

    it('arrives as a mail, once, and so does its end', async () => {
      await api.push('calls', true)
      await until(async () => smtp.mails.length === 1, 'the mail')
      const mail = parseMail(smtp.mails[0]!.raw)
      assert.match(mail.headers.subject![0]!, /^CRITICAL CallsMissing /)
      assert.match(mail.text!, /nobody calls calls at POP-3/)
      await until(async () => {
        const [shown] = (await api.request('GET', '/api/v2/alerts?filter=alertname=CallsMissing')).body
        return shown !== undefined && shown.updatedAt > shown.startsAt
      }, 'the alert sent again')
      await api.push('calls')
      await until(async () => smtp.mails.length >= 2, 'the mail of the end')
      const events: Json[] = (await api.get('events?type=prometheus_alert')).items
      assert.deepEqual(
        events.map(({ status, severity, site }) => [status, severity, site]),
        [
          ['resolved', 'CRITICAL', 'POP-3'],
          ['firing', 'CRITICAL', 'POP-3'],
        ],
      )
      assert.equal(smtp.mails.length, 2)
      await api.delivered()
      const [first, last] = hooks.requests.map(({ body }) => JSON.parse(body))
      assert.deepEqual([first.version, first.status, last.status], ['4', 'firing', 'resolved'])
      assert.deepEqual(
        [last.alerts[0].fingerprint, last.commonLabels],
        [first.alerts[0].fingerprint, first.commonLabels],
      )
      assert.equal(first.commonLabels.alertname, 'CallsMissing')
    })
  })

  describe('amtool', { skip: without('amtool') }, () => {
    // Not waited for in place: the server that it asks lives in this process.
    const amtool = async (...args: readonly string[]): Promise<string> => {
      const where = [`--alertmanager.url=${api.url}`, `--http.config.file=${join(folder, 'http.yml')}`]
      const options = { env: { ...process.env, HOME: folder }, timeout: 20_000 }
      return (await promisify(execFile)('amtool', [...where, ...args], options)).stdout
    }
    const query = async (...filter: readonly string[]): Promise<Json[]> =>
      JSON.parse(await amtool('-o', 'json', 'alert', 'query', ...filter))
    before(() => {
      writeFileSync(join(folder, 'http.yml'), JSON.stringify({ authorization: { credentials: api.tokens.operator } }))
    })

    it('adds an alert and finds it by its labels', async () => {
      await amtool('alert', 'add', 'Added', 'node=a', 'severity=warning', '--annotation=summary=by hand')
      await amtool('alert', 'add', 'Added', 'node=b')
      const found = await query('alertname=Added', 'node=~"a|c"')
      assert.deepEqual(
        found.map(({ labels, annotations }) => [labels.node, annotations.summary]),
        [['a', 'by hand']],
      )
      assert.equal((await query('Added')).length, 2)
    })

    it('silences it, shows the silence, changes it, and takes it back', async () => {
      const made = await amtool(
        'silence',
        'add',
        'alertname=Added',
        'node=~a.*',
        '--comment=crew on site',
        '--author=me',
      )
      const id = made.trim()
      assert.match(await amtool('silence', 'query', 'alertname=Added'), /crew on site/)
      const active = await query('alertname=Added', '--active')
      assert.deepEqual(
        active.map(({ labels }) => labels.node),
        ['b'],
      )
      const [silenced] = await query('alertname=Added', '--silenced')
      assert.deepEqual([silenced.labels.node, silenced.status.silencedBy], ['a', [id]])
      assert.match(await amtool('silence', 'update', '--duration=3h', id), /crew on site/)
      const silences: Json[] = JSON.parse(await amtool('-o', 'json', 'silence', 'query'))
      assert.equal(silences.length, 1)
      await amtool('silence', 'expire', silences[0].id)
      assert.equal((await amtool('silence', 'query', '-q')).trim(), '')
      assert.equal((await query('alertname=Added', '--active')).length, 2)
    })

    it('reads the state of the server', async () => {
      assert.match(await amtool('cluster', 'show'), /disabled/)
      assert.match(await amtool('config', 'show'), /receiver: vigia/)
      assert.match(await amtool('config', 'routes', 'test', 'severity=critical'), /vigia/)
    })
  })

  describe('a real Alertmanager', { skip: without('prometheus-alertmanager') }, () => {
    let process: ChildProcess
    let url: string
    before(async () => {
      url = `http://127.0.0.1:${await freePort()}`
      const receiver = { name: 'x', webhook_configs: [{ url: `${hooks.url}/theirs` }] }
      const route = { receiver: 'x', group_by: ['alertname'], group_wait: '1ms' }
      writeFileSync(join(folder, 'am.yml'), JSON.stringify({ route, receivers: [receiver] }))
      const flags = ['config.file=am.yml', 'storage.path=am', `web.listen-address=${new URL(url).host}`]
      process = spawn('prometheus-alertmanager', [...flags.map((flag) => `--${flag}`), '--cluster.listen-address='], {
        cwd: folder,
        stdio: 'ignore',
      })
      await until(async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok, 'Alertmanager')
    })
    after(async () => {
      if (process?.exitCode !== null) return
      const ended = once(process, 'exit')
      process.kill('SIGKILL')
      await ended
    })

    const both = async (method: string, path: string, body?: string) => {
      const theirs = await fetch(`${url}/api/v2${path}`, {
        method,
        ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
      })
      const ours = await api.request(method, `/api/v2${path}`, body)
      return {
        ours: { status: ours.status, text: ours.text },
        theirs: { status: theirs.status, text: await theirs.text() },
      }
    }

    it('answers bad batches by the same status, and what it read and refused in the same words', async () => {
      const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString()
      for (const batch of [
        [{ labels: { alertname: 'Same', instance: 'x', empty: '' }, annotations: { summary: 's' } }],
        [{ labels: { alertname: 'Same', n: '1' }, endsAt: day(1) }, { labels: {} }, { labels: { x: '' } }],
        [{ labels: { 'bad-name': 'x' } }],
        [{ labels: { '': 'x' } }],
        [{ labels: { a: 'b' }, annotations: { 'bad-name': 'x' } }],
        [{ labels: { a: 'b' }, startsAt: day(1), endsAt: day(0) }],
        [{ labels: { alertname: 'Past' }, startsAt: day(-2), endsAt: day(-1) }],
        [{ labels: { alertname: 'Future' }, startsAt: day(1), endsAt: day(2) }],
        [{ labels: { a: 1 } }],
        [{ labels: { a: 'b' }, startsAt: 'yesterday' }],
        [{ annotations: {} }],
        { labels: { a: 'b' } },
        [],
      ]) {
        const { ours, theirs } = await both('POST', '/alerts', JSON.stringify(batch))
        assert.equal(ours.status, theirs.status, `${JSON.stringify(batch)}: ${ours.text} ${theirs.text}`)
        if (theirs.text.startsWith('"')) assert.equal(JSON.parse(ours.text), JSON.parse(theirs.text))
      }
      const { ours, theirs } = await both('GET', '/alerts?filter=alertname=~"Same|Past|Future"')
      const seen = (text: string) =>
        JSON.parse(text)
          .map(({ labels, annotations, fingerprint, status }: Json) => [fingerprint, labels, annotations, status.state])
          .toSorted()
      assert.equal(seen(theirs.text).length, 3)
      assert.deepEqual(seen(ours.text), seen(theirs.text))
    })

    it('sends webhooks of the shape that our channel sends', async () => {
      const alert = { labels: { alertname: 'Shape', severity: 'critical' }, annotations: { summary: 'look' } }
      await both('POST', '/alerts', JSON.stringify([alert]))
      const sent = async (theirs: boolean) => {
        const requests = hooks.requests.filter(({ path }) => path.startsWith('/theirs') === theirs)
        return requests.map(({ body }) => JSON.parse(body)).find(({ groupLabels }) => groupLabels.alertname === 'Shape')
      }
      const ours = await until(() => sent(false), 'our webhook')
      const theirs = await until(() => sent(true), 'the webhook of the original')
      const shape = (value: Json): Json =>
        Array.isArray(value)
          ? value.map(shape)
          : typeof value === 'object'
            ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)]))
            : typeof value
      assert.deepEqual(shape(ours), shape(theirs))
      for (const part of ['version', 'status', 'groupLabels', 'commonLabels', 'commonAnnotations', 'truncatedAlerts'])
        assert.deepEqual(ours[part], theirs[part], part)
      const [one, other] = [ours.alerts[0], theirs.alerts[0]]
      for (const part of ['status', 'labels', 'annotations', 'endsAt', 'fingerprint'])
        assert.deepEqual(one[part], other[part], part)
    })

    it('answers bad silences by the same status', async () => {
      const silence = {
        startsAt: '2026-01-01T00:00:00Z',
        endsAt: '2999-01-01T00:00:00Z',
        createdBy: 'me',
        comment: 'c',
      }
      const matcher = { name: 'a', value: 'b', isRegex: false }
      for (const body of [
        { ...silence, matchers: [matcher] },
        { ...silence, matchers: [] },
        { ...silence, matchers: [{ ...matcher, value: '' }] },
        { ...silence, matchers: [{ ...matcher, value: '(', isRegex: true }] },
        { ...silence, matchers: [matcher], endsAt: '2025-01-01T00:00:00Z' },
        { ...silence, matchers: [matcher], startsAt: '2024-01-01T00:00:00Z', endsAt: '2025-01-01T00:00:00Z' },
        { ...silence, matchers: [matcher], id: '0b1f1c1e-0000-4000-8000-000000000001' },
        { matchers: [matcher] },
        [],
      ]) {
        const { ours, theirs } = await both('POST', '/silences', JSON.stringify(body))
        assert.equal(ours.status, theirs.status, `${JSON.stringify(body)}: ${ours.text} ${theirs.text}`)
      }
      assert.equal((await both('GET', '/silence/x')).ours.status, 422)
    })
  })
})
