import { type Static, Type } from '#lib/schema.ts'
import { DURATION_PATTERN } from '#lib/time/duration.ts'
import { TRUSTED_PATTERN } from '#probes/location-trusted.ts'

/** The shape of a `blackbox.yml`, with the keys that blackbox_exporter knows and this server can honour. */

const closed = { additionalProperties: false } as const
const regexps = Type.Optional(Type.Array(Type.String({ description: 'a regular expression (RE2)' })))
const text = (description: string) => Type.Optional(Type.String({ description }))
const secret = Type.Optional(Type.String({ 'x-secret': true }))
const flag = Type.Optional(Type.Boolean())

const addressing = {
  preferred_ip_protocol: Type.Optional(
    Type.Union([Type.Literal('ip4'), Type.Literal('ip6')], { description: 'ip4 or ip6' }),
  ),
  ip_protocol_fallback: flag,
}

const source = { source_ip_address: text('an address of this machine') }

const tlsVersion = Type.Optional(
  Type.Union(
    ['TLS10', 'TLS11', 'TLS12', 'TLS13'].map((one) => Type.Literal(one)),
    { description: 'TLS10, TLS11, TLS12 or TLS13' },
  ),
)

const tls = Type.Optional(
  Type.Object(
    {
      insecure_skip_verify: flag,
      server_name: text('name in the certificate'),
      ca_file: text('PEM file'),
      cert_file: text('PEM file'),
      key_file: text('PEM file'),
      min_version: tlsVersion,
      max_version: tlsVersion,
    },
    closed,
  ),
)

const headerRules = Type.Optional(
  Type.Array(Type.Object({ header: Type.String(), regexp: Type.String(), allow_missing: flag }, closed)),
)

const http = Type.Object(
  {
    ...addressing,
    valid_status_codes: Type.Optional(Type.Array(Type.Integer({ minimum: 100, maximum: 599 }))),
    valid_http_versions: Type.Optional(Type.Array(Type.String())),
    method: text('HTTP method'),
    headers: Type.Optional(Type.Record(Type.String(), Type.String({ 'x-secret': true }))),
    body: secret,
    no_follow_redirects: flag,
    follow_redirects: flag,
    // Of our own, after curl's --location-trusted.
    location_trusted: Type.Optional(
      Type.Array(
        Type.String({
          description: 'a host, for example login.example.net or *.example.net',
          pattern: TRUSTED_PATTERN,
        }),
      ),
    ),
    enable_http2: flag,
    fail_if_ssl: flag,
    fail_if_not_ssl: flag,
    fail_if_body_matches_regexp: regexps,
    fail_if_body_not_matches_regexp: regexps,
    fail_if_header_matches: headerRules,
    fail_if_header_not_matches: headerRules,
    compression: Type.Optional(
      Type.String({
        description: 'gzip, br, deflate or identity',
        pattern: '^(?:[gG][zZ][iI][pP]|[bB][rR]|[dD][eE][fF][lL][aA][tT][eE]|[iI][dD][eE][nN][tT][iI][tT][yY]|)$',
      }),
    ),
    body_size_limit: Type.Optional(
      Type.String({ description: 'a size, for example 10MB', pattern: '^\\d+ ?([KMG]?i?B)?$' }),
    ),
    basic_auth: Type.Optional(
      Type.Object({ username: Type.String(), password: secret, password_file: text('file') }, closed),
    ),
    authorization: Type.Optional(
      Type.Object({ type: text('scheme'), credentials: secret, credentials_file: text('file') }, closed),
    ),
    bearer_token: secret,
    bearer_token_file: text('file'),
    tls_config: tls,
  },
  closed,
)

const tcp = Type.Object(
  {
    ...addressing,
    ...source,
    tls: flag,
    tls_config: tls,
    query_response: Type.Optional(
      Type.Array(
        Type.Object(
          {
            expect: text('a regular expression'),
            send: Type.Optional(Type.String({ 'x-secret': true })),
            starttls: flag,
          },
          closed,
        ),
      ),
    ),
  },
  closed,
)

const icmp = Type.Object(
  {
    ...addressing,
    ...source,
    dont_fragment: flag,
    payload_size: Type.Optional(Type.Integer({ minimum: 0, maximum: 1500 })),
    ttl: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
  },
  closed,
)

const records = Type.Optional(
  Type.Object(
    {
      fail_if_matches_regexp: regexps,
      fail_if_all_match_regexp: regexps,
      fail_if_not_matches_regexp: regexps,
      fail_if_none_matches_regexp: regexps,
    },
    closed,
  ),
)

const dns = Type.Object(
  {
    ...addressing,
    ...source,
    dns_over_tls: flag,
    tls_config: tls,
    transport_protocol: Type.Optional(
      Type.Union([Type.Literal('udp'), Type.Literal('tcp')], { description: 'udp or tcp' }),
    ),
    query_name: Type.String({ minLength: 1, maxLength: 253 }),
    query_type: text('record type'),
    query_class: text('class, for example IN or CH'),
    recursion_desired: flag,
    valid_rcodes: Type.Optional(Type.Array(Type.String())),
    validate_answer_rrs: records,
    validate_authority_rrs: records,
    validate_additional_rrs: records,
  },
  closed,
)

export const moduleSchema = Type.Object(
  {
    prober: Type.Union(
      ['http', 'tcp', 'icmp', 'dns'].map((one) => Type.Literal(one as 'http')) as unknown as [
        ReturnType<typeof Type.Literal<'http' | 'tcp' | 'icmp' | 'dns'>>,
      ],
      { description: 'http, tcp, icmp or dns' },
    ),
    timeout: Type.Optional(Type.String({ pattern: DURATION_PATTERN, format: 'duration' })),
    http: Type.Optional(http),
    tcp: Type.Optional(tcp),
    icmp: Type.Optional(icmp),
    dns: Type.Optional(dns),
  },
  closed,
)

export type ModuleEntry = Static<typeof moduleSchema>
