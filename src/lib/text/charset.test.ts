import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeText } from './charset.ts'

const SENTENCE = 'La página está en operación'
const latin1 = Buffer.from(SENTENCE, 'latin1')
const page = (head: string) => Buffer.from(`<html><head>${head}</head>${SENTENCE}`, 'latin1')

describe('the charset of a body', () => {
  const cases: Readonly<Record<string, readonly [bytes: Buffer, contentType: string]>> = {
    'UTF-8, unsaid': [Buffer.from(SENTENCE), ''],
    'UTF-8, said of Latin-1': [Buffer.from(`\ufeff${SENTENCE}`), 'text/html; charset=iso-8859-1'],
    'UTF-8 with a mark': [Buffer.from(`\ufeff${SENTENCE}`), 'application/json'],
    'Latin-1 by its content type': [latin1, 'text/html; charset=iso-8859-1'],
    'Latin-1 by its content type in quotes': [latin1, 'text/plain;charset="ISO-8859-1"; x=y'],
    'UTF-16 by its content type': [Buffer.from(SENTENCE, 'utf16le'), 'text/plain; charset=utf-16'],
    'UTF-16 by its mark': [Buffer.from(`\ufeff${SENTENCE}`, 'utf16le'), 'text/html; charset=utf-8'],
    'by the page itself': [page('<meta charset="iso-8859-1">'), 'text/html'],
    'by the page itself, as of old': [
      page('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'),
      'text/html',
    ],
    'by XML itself': [Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${SENTENCE}`, 'latin1'), 'text/xml'],
    'Latin-1, said by nobody': [latin1, 'text/plain'],
    'of an unknown name': [Buffer.from(SENTENCE), 'text/plain; charset=klingon'],
  }
  for (const [name, [bytes, contentType]] of Object.entries(cases))
    it(name, () => assert.ok(decodeText(bytes, contentType, false).includes(SENTENCE)))

  it('is no part of the text by its mark', () => {
    const json = Buffer.from('\ufeff{"status":"ok"}')
    assert.deepEqual(JSON.parse(decodeText(json, 'application/json', false)), { status: 'ok' })
  })

  it('is UTF-8 also where the body was cut through a character', () => {
    const cut = Buffer.from('operación ñ€😀')
    for (let end = 11; end < cut.length; end++)
      assert.ok(decodeText(cut.subarray(0, end), 'text/html', true).startsWith('operación'), `${end}`)
  })

  it('of Chinese and of Japanese', () => {
    assert.equal(decodeText(Buffer.from([0xd6, 0xd0]), 'text/html; charset=gb2312', false), '中')
    assert.equal(decodeText(Buffer.from([0x82, 0xa0]), 'text/html; charset=shift_jis', false), 'あ')
  })
})
