import { describe, expect, test } from 'vitest'
import { cleanDigits, cleanText, foldHeading, foldIdentifier, foldName, foldTitle, unguard } from '@/lib/imports/text'

describe('shown text', () => {
  test.each([
    ['', ''],
    ['Jane', 'Jane'],
    ['Jane Doe', 'Jane Doe'],
    ['  Jane  Doe ', 'Jane Doe'],
    ['Jane\u00a0Doe', 'Jane Doe'],
    ['Jane\tDoe\nRoe', 'Jane Doe Roe'],
    ['Ja\u200bne\ufeff\u00ad', 'Jane'],
    ['\u202eJane\u2069', 'Jane'],
    ['Ja\u0007ne', 'Jane'],
    ['Nu\u0301n\u0303ez', 'Núñez'],
    ['لیلی\u200cها', 'لیلی\u200cها'],
  ])('%j is %j', (text, expected) => {
    expect(cleanText(text)).toBe(expected)
  })
})

describe('digits and separators of other scripts', () => {
  test.each([
    ['', ''],
    ['8.5', '8.5'],
    ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
    ['۰۱۲۳۴۵۶۷۸۹', '0123456789'],
    ['０１２３４５６７８９', '0123456789'],
    ['８．５', '8.5'],
    ['Ａ－ｚ', 'A-z'],
    ['٨٫٥', '8.5'],
    ['١٬٢٣٤', '1234'],
    ['1\u2019234', '1234'],
    ['5\u20192', '5\u20192'],
    ['O\u2019Neil', 'O\u2019Neil'],
    ['٥٠٪', '50%'],
    ['\u22125', '-5'],
    ['2025\u201006\u201101', '2025-06-01'],
  ])('%j is %j', (text, expected) => {
    expect(cleanDigits(text)).toBe(expected)
  })
})

describe('headings', () => {
  test.each([
    ['', ''],
    ['email', 'email'],
    ['last_name', 'last name'],
    ['Last  Name', 'last name'],
    ['last__name', 'last name'],
    ['Email:', 'email'],
    ['Email :', 'email'],
    ['a:b', 'a:b'],
    ['Ім\u2019я', "ім'я"],
    ['Ім\u02bcя', "ім'я"],
    ['Ім`я', "ім'я"],
    ['E-Mail', 'e-mail'],
    ['_email_', 'email'],
    ['ＩＤ', 'id'],
  ])('%j is %j', (text, expected) => {
    expect(foldHeading(text)).toBe(expected)
  })

  test('of up to 300 characters are folded; a longer one is no alias and keeps what it says, without the spaces around it', () => {
    const longest = `Quiz_${'X'.repeat(295)}`
    expect(foldHeading(` ${longest} `)).toBe(`quiz ${'x'.repeat(295)}`)
    expect(foldHeading(` ${longest}X `)).toBe(`${longest}X`)
  })
})

test('names are compared without case, joiners and kinds of apostrophe', () => {
  expect(foldName(' O\u2019Ne\u200dil ')).toBe("o'neil")
  expect(foldName('Ім\u00b4я\u2018')).toBe("ім'я'")
})

test('identifiers without case, with their leading zeros; titles with case', () => {
  expect([foldIdentifier(' A@X.org'), foldIdentifier('٠٠٧')]).toEqual(['a@x.org', '007'])
  expect([foldTitle(' Quiz  1 '), foldTitle('quiz 1')]).toEqual(['Quiz 1', 'quiz 1'])
})

describe('guards against formulas', () => {
  test.each([
    ['="Doe"', 'Doe'],
    ['="=name"', '=name'],
    ['="a""b"', 'a"b'],
    ['=""', ''],
    ['="two\nlines"', 'two\nlines'],
    ['="open', '="open'],
    ['=name', '=name'],
    ["'=name", '=name'],
    ["'+1", '+1'],
    ["'-x", '-x'],
    ["'@SUM", '@SUM'],
    ["'\tx", '\tx'],
    ["'\rx", '\rx'],
    ["'\nx", '\nx'],
    ["''=x", "'=x"],
    [`'="x"`, '="x"'],
    ['="a" b', '="a" b'],
    ["='=x", "='=x"],
    ["'til", "'til"],
    ["'", "'"],
    ['-5', '-5'],
    ['+3', '+3'],
    ["x'=y", "x'=y"],
  ])('%j is %j', (text, expected) => {
    expect(unguard(text)).toBe(expected)
  })
})
