import assert from 'node:assert/strict'
import { it } from 'node:test'
import { redirectPlace } from './redirect-place.ts'

it('a redirect leads where its bytes say, whatever their letters, and an empty one nowhere', () => {
  const from = new URL('http://a.example/x/y?z')
  const placeOf = (location: string) => redirectPlace(location, from)?.href
  assert.equal(placeOf(Buffer.from('/ñandú').toString('latin1')), 'http://a.example/%C3%B1and%C3%BA')
  assert.equal(placeOf('/\xf1'), 'http://a.example/%F1')
  assert.equal(placeOf(Buffer.from('http://señal.example/').toString('latin1')), 'http://xn--seal-hqa.example/')
  assert.equal(placeOf('w'), 'http://a.example/x/w')
  assert.deepEqual([placeOf(''), placeOf('http://[::1')], [undefined, undefined])
})
