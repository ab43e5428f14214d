import { createDnsServer } from '../../test/fixtures/servers/dns-server.ts'

/** A DNS server at the usual port: names that begin with `silent` are never answered, all others are this machine. */
await createDnsServer(
  (name) => (name.startsWith('silent') ? undefined : { a: ['127.0.0.1'], ttl: 60 }),
  '127.0.0.1',
  53,
)
console.log('ready')
