import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Json, startTestServer, type TestServer } from '../fixtures/server.ts'

/** Every operation of the native API: what is added or taken away shows here. */
const OPERATIONS = `
GET /alerts | GET /alerts/counts | GET /alerts/groups | GET /alerts/{id} | POST /alerts/{id}/acknowledge | DELETE /alerts/{id}/acknowledge | POST /alerts/{id}/resolve
GET /audit
GET /bans | POST /bans | DELETE /bans | GET /bans/jails
GET /addresses | GET /addresses/ranked | GET /addresses/{address} | GET /addresses/{address}/others
GET /channels | POST /channels | GET /channels/{id} | PATCH /channels/{id} | DELETE /channels/{id} | POST /channels/{id}/test
GET /docs | GET /engine
GET /events | POST /events | GET /events/{id} | GET /events/{id}/explain
GET /imports/{id} | POST /imports | DELETE /imports/{id} | POST /imports/{id}/files | POST /imports/{id}/plan
POST /imports/{id}/apply | GET /tables | POST /tables/{name}/read | POST /tables/{name}/confirm | GET /live
GET /maintenance | POST /maintenance | GET /maintenance/{id} | PUT /maintenance/{id} | DELETE /maintenance/{id}
GET /maintenance/plans | POST /maintenance/plans | PUT /maintenance/plans/{id} | DELETE /maintenance/plans/{id}
GET /maintenance/calendar | POST /maintenance/preview | GET /maintenance.ics
GET /maintenance/link | POST /maintenance/link/renew
GET /me | POST /me/password | GET /me/sessions | DELETE /me/sessions/{id}
POST /me/totp | DELETE /me/totp | POST /me/totp/confirm
GET /about
GET /monitors | POST /monitors | GET /monitors/summary | GET /monitors/strips | GET /monitors/marks | POST /monitors/batch
POST /monitors/{id}/check
GET /monitors/{id} | PATCH /monitors/{id} | DELETE /monitors/{id} | GET /monitors/{id}/entry | POST /monitors/{id}/pause
GET /monitors/{id}/path | GET /monitors/{id}/push-url | GET /monitors/{id}/results | GET /monitors/{id}/series | GET /monitors/{id}/transitions | GET /monitors/{id}/uptime
GET /notifications | GET /notifications/counts | GET /notifications/{id} | POST /notifications/{id}/retry
GET /notes | POST /notes | POST /notes/{id}/done | GET /shift | POST /shift/handover | POST /shift/handover/{id}/sign
GET /map | GET /map/ground | PUT /map/ground | DELETE /map/ground | PUT /map/places | DELETE /map/places/{name}
POST /map/import
GET /web-push/key
GET /wall | GET /wall/link | POST /wall/link | DELETE /wall/link
GET /duty | PUT /duty/people/{name} | DELETE /duty/people/{name} | PUT /duty/lists/{name} | DELETE /duty/lists/{name}
POST /duty/lists/{name}/takeovers | DELETE /duty/takeovers/{id}
GET /openapi.json | GET /phrases
GET /ports | GET /ports/{port}/series
GET /rules | POST /rules | GET /rules/{id} | PATCH /rules/{id} | DELETE /rules/{id}
POST /rules/backtest | POST /rules/preview
GET /schedules | PATCH /schedules/{name} | POST /schedules/{name}/run
GET /settings | PATCH /settings
POST /configuration/plan | POST /configuration/apply | GET /configuration/export
GET /sources | GET /sight
GET /silences | POST /silences | DELETE /silences/{id} | POST /silences/preview
POST /tests | GET /figures
GET /classifier | PUT /events/{id}/verdict
GET /tokens | POST /tokens | DELETE /tokens/{id}
GET /types | GET /uses
GET /users | POST /users | PATCH /users/{id} | DELETE /users/{id}
GET /search | POST /alerts/acknowledge | POST /alerts/unacknowledge | POST /alerts/silence
POST /monitors/pause | POST /monitors/silence | PATCH /monitors | GET /me/at-hand | POST /me/filters | DELETE /me/filters/{id}
PUT /me/favourites/{id} | DELETE /me/favourites/{id}
`
/** What is done without saying more. */
const WITHOUT_BODY =
  /\/(resolve|test|retry|check|run|renew|done|sign|tables\/\{name\}\/(read|confirm)|favourites\/\{id\})$/

describe('the OpenAPI document', () => {
  let api: TestServer
  let document: Json
  let operations: { name: string; path: string; method: string; operation: Json }[]
  before(async () => {
    api = await startTestServer()
    document = await api.get('openapi.json')
    operations = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
      Object.entries<Json>(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
        path,
        method,
        operation,
      })),
    )
  })
  after(() => api.stop())

  it('is valid to a validator that is not ours', async (context) => {
    // By name, for the types of a module that may not be there cannot be checked.
    const name: string = '@seriousme/openapi-schema-validator'
    const module = await import(name).catch(() => undefined)
    if (!module) return context.skip(`${name} is not installed: run npm ci`)
    const validator = new module.Validator()
    const result = await validator.validate(structuredClone(document))
    assert.deepEqual([result.valid, result.errors], [true, undefined])
    assert.equal(validator.version, '3.1')
  })

  it('holds schemas of the dialect that OpenAPI 3.1 names', () => {
    const ajv = new Ajv2020({ strict: false })
    for (const { name, operation } of operations) {
      const schemas = [
        ...operation.parameters.map(({ schema }: Json) => schema),
        ...[operation.requestBody, ...Object.values(operation.responses)].flatMap((one: Json) =>
          Object.values<Json>(one?.content ?? {}).map(({ schema }) => schema),
        ),
      ]
      for (const schema of schemas)
        assert.ok(ajv.validateSchema(schema), `${name}: ${ajv.errorsText()} in ${JSON.stringify(schema)}`)
    }
  })

  it('names every operation once', () => {
    const expected = OPERATIONS.split(/[|\n]/).map((one) => one.trim())
    assert.deepEqual(operations.map(({ name }) => name).toSorted(), expected.filter(Boolean).toSorted())
    const ids = operations.map(({ operation }) => operation.operationId)
    assert.equal(new Set(ids).size, ids.length)
    for (const { name, operation } of operations)
      assert.notEqual(operation.summary, name.replace(' ', ' /api/v1'), `${name} has no summary`)
  })

  it('tells the parameters and bodies of each', () => {
    for (const { name, path, method, operation } of operations) {
      const inPath = operation.parameters.filter((one: Json) => one.in === 'path').map((one: Json) => one.name)
      assert.deepEqual(
        inPath,
        [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter),
        name,
      )
      const changes = ['post', 'patch', 'put'].includes(method) || name === 'DELETE /me/totp'
      assert.equal(operation.requestBody !== undefined, changes && !WITHOUT_BODY.test(path), `body of ${name}`)
      const schema = operation.requestBody?.content['application/json']?.schema
      if (schema) assert.ok(schema.anyOf ?? schema.properties, `${name} says nothing of its body`)
    }
    const events = document.paths['/api/v1/events']
    assert.deepEqual(
      events.get.parameters.map((one: Json) => one.name),
      ['limit', 'cursor', 'type', 'monitor', 'q', 'severity', 'from', 'to'],
    )
    assert.deepEqual(Object.keys(events.post.requestBody.content), ['application/json', 'application/x-ndjson'])
    assert.deepEqual(
      events.post.parameters.map((one: Json) => [one.name, one.in, one.required]),
      [['idempotency-key', 'header', false]],
    )
    const monitor = document.paths['/api/v1/monitors/{id}'].patch.requestBody.content['application/json'].schema
    assert.ok(monitor.properties.interval && monitor.required.length === 0)
  })

  it('bounds every number of an address or a header: beyond what a database holds it would be our error', () => {
    for (const { name, operation } of operations)
      for (const { name: parameter, schema } of operation.parameters as Json[]) {
        if (schema.type !== 'integer' && schema.type !== 'number') continue
        const bounded = schema.minimum >= Number.MIN_SAFE_INTEGER && schema.maximum <= Number.MAX_SAFE_INTEGER
        assert.ok(bounded, `${parameter} of ${name}`)
      }
  })

  it('knows every operation that the server knows', async () => {
    for (const { path, method, name } of operations) {
      if (path.endsWith('/live')) continue
      const answer = await api.request(method.toUpperCase(), path.replace(/\{\w+\}/g, '987654321'))
      assert.notEqual(answer.body?.detail, `There is nothing at ${name.replace(' ', ' /api/v1')}.`)
      assert.ok(answer.status < 500, `${name} answered ${answer.status}`)
    }
  })

  it('can be read without a network', async () => {
    const page = await api.request('GET', 'docs')
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
    for (const { path } of operations) assert.ok(page.text.includes(path), path)
    assert.doesNotMatch(page.text, /<script|(src|href)="(?!\/)/)
  })

  it('and other answers need not be sent again while nothing changes', async () => {
    for (const path of ['openapi.json', 'rules', 'channels', 'types', 'schedules', 'me']) {
      const first = await api.request('GET', path)
      const tag = first.headers.get('etag')!
      assert.match(tag, /^W\/"[\w-]+"$/, path)
      for (const known of [tag, `"x", ${tag}`, '*', tag.slice(2)]) {
        const again = await api.request('GET', path, undefined, { 'if-none-match': known })
        assert.deepEqual([again.status, again.text, again.headers.get('etag')], [304, '', tag], `${path} ${known}`)
      }
      const other = await api.request('GET', path, undefined, { 'if-none-match': 'W/"x"' })
      assert.deepEqual([other.status, other.text], [200, first.text])
    }
    const tag = (await api.request('GET', 'rules')).headers.get('etag')!
    await api.post('rules', { name: 'new', type: 'x' })
    assert.equal((await api.request('GET', 'rules', undefined, { 'if-none-match': tag })).status, 200)
    assert.equal((await api.request('GET', 'rules/999', undefined, { 'if-none-match': '*' })).status, 404)
    const stranger = await fetch(`${api.url}/api/v1/rules`, { headers: { 'if-none-match': tag } })
    assert.equal(stranger.status, 401)
  })
})
