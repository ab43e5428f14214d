import { type Static, Type } from '#lib/schema.ts'
import { familyField } from './fields.ts'
import { TRUSTED_PATTERN } from './location-trusted.ts'

export const BODY_LIMIT = 1024 * 1024
const LARGEST_BODY = 16 * 1024 * 1024
export const DEFAULT_REDIRECTS = 10

const statusField = Type.Union([
  Type.Integer({ minimum: 100, maximum: 599 }),
  Type.String({ pattern: '^([1-5]xx|[1-5]\\d\\d(-[1-5]\\d\\d)?)$' }),
])

export const httpOptions = Type.Object(
  {
    url: Type.String({
      title: 'URL',
      description: 'http:// or https:// address; a user and password in it become Basic authentication',
      'x-es': {
        title: 'URL',
        description: 'Dirección http:// o https://; un usuario y contraseña en ella se usan como autenticación Basic',
      },
      pattern: '^[hH][tT][tT][pP][sS]?://',
      'x-login': true,
      maxLength: 8192,
    }),
    method: Type.Optional(
      Type.Union(
        ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => Type.Literal(method)),
        {
          title: 'Method',
          description: 'HTTP method',
          'x-es': { title: 'Método', description: 'Método HTTP' },
          default: 'GET',
        },
      ),
    ),
    headers: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" }),
        Type.String({ 'x-secret': true, pattern: '^[^\\r\\n]*$' }),
        {
          title: 'Headers',
          description: 'Request headers by name',
          'x-es': { title: 'Encabezados', description: 'Encabezados de la petición, por nombre' },
        },
      ),
    ),
    body: Type.Optional(
      Type.String({
        title: 'Body',
        description: 'Request body',
        'x-es': { title: 'Cuerpo', description: 'Cuerpo de la petición' },
        'x-secret': true,
      }),
    ),
    status: Type.Optional(
      Type.Union([statusField, Type.Array(statusField, { minItems: 1 })], {
        title: 'Status',
        description: 'Expected status: 200, "2xx", "200-299", or a list of these; default 2xx',
        'x-es': {
          title: 'Estado',
          description: 'Estado esperado: 200, "2xx", "200-299", o una lista de ellos; 2xx si no se indica',
        },
      }),
    ),
    contains: Type.Optional(
      Type.String({
        title: 'Contains',
        description: 'Text that the answer must contain, or /regular expression/flags',
        'x-es': {
          title: 'Contiene',
          description: 'Texto que la respuesta debe contener, o /expresión regular/indicadores',
        },
        minLength: 1,
      }),
    ),
    not_contains: Type.Optional(
      Type.String({
        title: 'Does not contain',
        description: 'Text that the answer must not contain, or /regular expression/flags',
        'x-es': {
          title: 'No contiene',
          description: 'Texto que la respuesta no debe contener, o /expresión regular/indicadores',
        },
        minLength: 1,
      }),
    ),
    json: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        title: 'JSON',
        description: 'Values by path: { "$.status": "ok", "data[0].load": "< 5", "$[\'a key\'].list.length": "> 0" }',
        'x-es': {
          title: 'JSON',
          description:
            'Valores por ruta: { "$.status": "ok", "data[0].load": "< 5", "$[\'una clave\'].lista.length": "> 0" }',
        },
      }),
    ),
    body_limit: Type.Optional(
      Type.Integer({
        title: 'Body limit',
        description:
          'Bytes of the answer, also once unpacked, in which contains, not_contains and json look; what is found in them counts, also where the answer is longer',
        'x-es': {
          title: 'Límite del cuerpo',
          description:
            'Bytes de la respuesta, también una vez descomprimida, en los que buscan contains, not_contains y json; lo que se encuentre en ellos vale aunque la respuesta sea más larga',
        },
        minimum: 1024,
        maximum: LARGEST_BODY,
        default: BODY_LIMIT,
      }),
    ),
    strict: Type.Optional(
      Type.Boolean({
        title: 'Strict HTTP',
        description:
          'Fail also where an answer breaks the rules of HTTP in a way that curl and browsers overlook: lines that end without CR, blanks or control characters in headers, a length given twice or beside chunks, a body longer than announced',
        'x-es': {
          title: 'HTTP estricto',
          description:
            'Fallar también si la respuesta rompe las reglas de HTTP de un modo que curl y los navegadores pasan por alto: líneas que terminan sin CR, espacios o caracteres de control en los encabezados, una longitud dada dos veces o junto a fragmentos (chunked), un cuerpo más largo que lo anunciado',
        },
        default: false,
      }),
    ),
    redirects: Type.Optional(
      Type.Integer({
        title: 'Redirects',
        description: 'Redirects that are followed at most; 0 takes the first answer',
        'x-es': {
          title: 'Redirecciones',
          description: 'Redirecciones que se siguen como máximo; 0 toma la primera respuesta',
        },
        minimum: 0,
        maximum: 20,
        default: DEFAULT_REDIRECTS,
      }),
    ),
    location_trusted: Type.Optional(
      Type.Array(Type.String({ pattern: TRUSTED_PATTERN }), {
        title: 'Hosts that may have the login',
        description:
          'Hosts that get the login, headers and body when a redirect leads there, beside the address itself: login.example.net, *.example.net, * for any; http:// before one: also without TLS',
        'x-es': {
          title: 'Servidores que pueden recibir las credenciales',
          description:
            'Servidores que reciben las credenciales, los encabezados y el cuerpo si una redirección lleva a ellos, además de la propia dirección: login.example.net, *.example.net, * para cualquiera; con http:// delante, también sin TLS',
        },
        maxItems: 100,
      }),
    ),
    verify: Type.Optional(
      Type.Boolean({
        title: 'Verify TLS',
        description: 'Fail when the certificate does not verify',
        'x-es': { title: 'Verificar TLS', description: 'Fallar si el certificado no se puede verificar' },
        default: true,
      }),
    ),
    days: Type.Optional(
      Type.Integer({
        title: 'Days',
        description: 'Fail when the certificate ends in fewer days than this',
        'x-es': { title: 'Días', description: 'Fallar si el certificado vence en menos días que estos' },
        minimum: 0,
        maximum: 3650,
      }),
    ),
    family: Type.Optional(familyField),
  },
  { additionalProperties: false },
)
export type HttpOptions = Static<typeof httpOptions>
