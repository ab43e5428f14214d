import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { explainNetworkError } from '#channels/http/network-error.ts'
import { connectFailure } from '#engine/tcp/tcp-errors.ts'
import { verificationError } from '#probes/certificate.ts'
import { networkError } from '#probes/network-error.ts'
import { spanishCause } from '#templates/texts/causes-es.ts'

const FOLDERS = ['src/probes', 'src/engine', 'src/names'] as const
/** Of our own machine: they make nothing down, so no alert tells them. */
const UNTOLD = /probe engine|to probe|may not send|grant it|dropped .* ICMP|do not look there/
/** Put together from parts that the source tells apart. */
const COMPOSED =
  /^X$|^X for X|^X X$|^connection to X X$|^X; X says that X$|X \(X\)$|^X did not X in time$|^X, and no address of X is known$|^X was not asked: X$|^connection to X impossible: X$/

/** Sentences in the sources below a folder, each fact an X; what is found has the sentence as first or second group. */
const sentencesIn = (folder: string, pattern: RegExp): string[] =>
  globSync(`${folder}/**/!(*.test).ts`)
    .flatMap((name) => [...readFileSync(name, 'utf8').matchAll(pattern)])
    .map(([, template, plain]) => (plain ?? template!).replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, 'X'))

const sentences = (): string[] =>
  FOLDERS.flatMap((folder) => sentencesIn(folder, /message[:=] *(?:`([^`]*)`|'([^']*)')/g))

describe('causes in Spanish', () => {
  it('knows every sentence that a probe says', () => {
    const found = sentences()
    assert.ok(found.length > 25, `only ${found.length} sentences were found in the source`)
    const unknown = found.filter((one) => !UNTOLD.test(one) && !COMPOSED.test(one) && spanishCause(one) === undefined)
    assert.deepEqual(unknown, [])
  })

  it('knows that a look went by an old address', () => {
    assert.equal(
      spanishCause('connection to 192.0.2.1:22 refused; looked at by the last known address of web.example'),
      'conexión a 192.0.2.1:22 rechazada; observado por la última dirección conocida de web.example',
    )
  })

  it('knows what the system says of sockets and certificates', () => {
    const system = [
      'ECONNREFUSED',
      'ECONNRESET',
      'EPIPE',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'ETIMEDOUT',
      'HPE_X',
      'EPROTO',
      'EX',
    ]
    const certificate = [
      'CERT_HAS_EXPIRED',
      'CERT_NOT_YET_VALID',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'CERT_REVOKED',
      'HOSTNAME_MISMATCH',
    ]
    const more = [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'ANOTHER',
    ]
    const said = [
      ...system.map((code) => networkError(Object.assign(new Error(), { code }), 'web.example:443').message),
      ...system
        .map((code) => connectFailure(code, '10.0.0.1:22', 1))
        .map((reply) => ('message' in reply ? reply.message : '')),
      ...[...certificate, ...more].map((reason) => verificationError(reason, 'web.example').message),
      ...['not answered in time', 'not answered within 3000 ms'].map((words) => `connection to 10.0.0.1:22 ${words}`),
      '0 of 5 pings to 10.7.0.1 were answered; 10.0.0.2 says that the host is unreachable',
      '0 of 5 pings to 10.7.0.1 were answered; 10.0.0.2 says that the time to live ran out',
      ...['accept the connection', 'answer', 'complete its answer'].map(
        (stage) => `web.example did not ${stage} in time`,
      ),
      'no call for 3 m, expected every 1m',
      'never called for 3 m, expected every 1m',
    ]
    assert.deepEqual(
      said.filter((one) => spanishCause(one) === undefined),
      [],
    )
  })

  it('knows every sentence of a delivery that failed', () => {
    const pattern = /(?:permanent|transient|make)\(\s*'\w+',\s*(?:`([^`]*)`|'([^']*)')/g
    const found = sentencesIn('src/channels', pattern).map((one) =>
      one.replace(/^X\.$/, 'X answered X.').replace(/^X: it redirects/, 'X answered X: it redirects'),
    )
    assert.ok(found.length > 50, `only ${found.length} sentences were found in the source`)
    assert.deepEqual(
      found.filter((one) => !/^The certificate of X X\.$/.test(one) && spanishCause(one) === undefined),
      [],
    )
    const certificates = [
      'CERT_HAS_EXPIRED',
      'CERT_NOT_YET_VALID',
      'CERT_REVOKED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
    ].concat(
      ['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
      ['ERR_TLS_CERT_ALTNAME_INVALID', 'EMFILE', 'EPIPE'],
    )
    const said = certificates.map((code) => explainNetworkError(code, 'mail.example:25').message)
    assert.deepEqual(
      said.filter((one) => spanishCause(one) === undefined),
      [],
    )
  })

  it('says of each recipient why he has nothing, the server in its own words', () => {
    assert.equal(
      spanishCause('a@x.example was refused: 550 no; b@x.example was refused: 450 5; later'),
      'a@x.example fue rechazado: 550 no; b@x.example fue rechazado: 450 5; later',
    )
    assert.equal(
      spanishCause('Not with b@x.example yet: No recipient is accepted now: 450 wait. a@x.example has it.'),
      'Todavía sin entregar a b@x.example: Por ahora no se acepta ningún destinatario: 450 wait. Ya lo tiene: a@x.example.',
    )
  })

  it('says that a delivery went by an old address', () => {
    assert.equal(
      spanishCause('mail.test:25 refused the connection. It was tried by the last known address of mail.test.'),
      'mail.test:25 rechazó la conexión. Se intentó por la última dirección conocida de mail.test.',
    )
  })

  it('keeps the facts, and is not led on by what a page says', () => {
    assert.equal(
      spanishCause('0 of 5 pings to 10.7.0.1 were answered; 10.0.0.2 says that the host is unreachable'),
      '0 de 5 pings a 10.7.0.1 con respuesta; 10.0.0.2 dice que el equipo es inalcanzable',
    )
    assert.equal(spanishCause('the answer does not contain "$1 $& is up"'), 'la respuesta no contiene "$1 $& is up"')
    assert.equal(spanishCause(' is '.repeat(100_000)), undefined)
  })
})
