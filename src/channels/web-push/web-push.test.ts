import assert from 'node:assert/strict'
import { createECDH } from 'node:crypto'
import { describe, it } from 'node:test'
import { vapidAuthorization, vapidKeys } from '#lib/net/vapid.ts'
import { decryptPush } from '../../../test/fixtures/decrypt-push.ts'
import { vapidClaims } from '../../../test/fixtures/vapid-claims.ts'
import { encryptPush, isPushKey, LONGEST_PUSH } from './encrypt.ts'

const bytes = (text: string) => Buffer.from(text, 'base64url')

/** RFC 8291, appendix A. */
const RFC = {
  text: 'When I grow up, I want to be a watermelon',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  receiver: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
  receiverPublic: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  sender: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  salt: 'DGv6ra1nlYgDCS1FRnbzlw',
  message:
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
}

/** RFC 8292, section 2.4. */
const SIGNED =
  'vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs'

describe('a message to a browser', () => {
  it('is what RFC 8291 says, byte by byte', () => {
    const pair = createECDH('prime256v1')
    pair.setPrivateKey(bytes(RFC.sender))
    const keys = { publicKey: bytes(RFC.receiverPublic), auth: bytes(RFC.auth) }
    const made = encryptPush(Buffer.from(RFC.text), keys, { salt: bytes(RFC.salt), pair })
    assert.equal(made.toString('base64url'), RFC.message)
    assert.equal(decryptPush(bytes(RFC.message), bytes(RFC.receiver), keys.auth).toString(), RFC.text)
  })

  it('is another one each time, and readable up to the longest', () => {
    const keys = { publicKey: bytes(RFC.receiverPublic), auth: bytes(RFC.auth) }
    const text = Buffer.alloc(LONGEST_PUSH, 'ñ')
    const [one, other] = [encryptPush(text, keys), encryptPush(text, keys)]
    assert.equal(one.length, 4096)
    assert.notDeepEqual(one, other)
    assert.deepEqual(decryptPush(one, bytes(RFC.receiver), keys.auth), text)
  })

  it('is made for points of the curve alone', () => {
    assert.equal(isPushKey(bytes(RFC.receiverPublic)), true)
    assert.equal(isPushKey(Buffer.alloc(65, 4)), false)
    assert.equal(isPushKey(bytes(RFC.auth)), false)
  })
})

describe('who sends to a browser', () => {
  it('is signed as RFC 8292 says', () => {
    assert.deepEqual(vapidClaims(SIGNED), {
      aud: 'https://push.example.net',
      exp: 1_453_523_768,
      sub: 'mailto:push@example.com',
    })
    assert.equal(vapidClaims(SIGNED.replace('i3CY', 'i3CZ')), undefined)
    assert.equal(vapidClaims('Bearer x'), undefined)
  })

  it('is the same for the same secret, and says for which service and until when', () => {
    const keys = vapidKeys('c2VjcmV0')
    assert.equal(vapidKeys('c2VjcmV0').publicKey, keys.publicKey)
    assert.notEqual(vapidKeys('b3RoZXI=').publicKey, keys.publicKey)
    const now = Date.parse('2026-12-01T00:00:00Z')
    const endpoint = new URL('https://push.example.net:8443/send/very-secret')
    assert.deepEqual(vapidClaims(vapidAuthorization(endpoint, 'mailto:noc@isp.example', keys, now)), {
      aud: 'https://push.example.net:8443',
      exp: now / 1000 + 43_200,
      sub: 'mailto:noc@isp.example',
    })
  })
})
