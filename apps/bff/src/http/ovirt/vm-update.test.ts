import { describe, expect, it } from 'vitest'
import { vmUpdateOfJson, vmUpdateOfXml } from './vm-update.ts'

describe('an update as oVirt clients send it', () => {
  it.each([
    ['a topology alone', '<topology sockets="2" cores="1"></topology>', { sockets: 2, cores: 1 }],
    ['a cpu alone', '<cpu><topology sockets="2"/></cpu>', { sockets: 2 }],
    ['a VM', '<vm><cpu><topology sockets="2" cores="1"/></cpu></vm>', { sockets: 2, cores: 1 }],
    [
      "oVirt 4's elements",
      '<vm><cpu><topology><cores>4</cores><sockets> 2 </sockets><threads>1</threads></topology></cpu></vm>',
      { sockets: 2, cores: 4, threads: 1 },
    ],
    [
      'a description with the topology, and parts that are not changed here',
      '<?xml version="1.0"?>\n<vm><name>x</name><description>a &amp; b</description><cpu><topology sockets="3"/></cpu></vm>',
      { description: 'a & b', sockets: 3 },
    ],
    ['an empty description', '<vm><description/></vm>', { description: '' }],
    ['nothing of interest', '<vm><memory>1</memory></vm>', {}],
  ])('is read from XML: %s', (_title, xml, expected) => {
    expect(vmUpdateOfXml(xml)).toEqual(expected)
  })

  it.each([
    ['{"cpu":{"topology":{"sockets":"2","cores":"1"}}}', { sockets: 2, cores: 1 }],
    ['{"vm":{"description":"x","cpu":{"topology":{"sockets":2}}}}', { description: 'x', sockets: 2 }],
  ])('is read from JSON: %s', (json, expected) => {
    expect(vmUpdateOfJson(json)).toEqual(expected)
  })

  it.each([
    ['no XML', 'sockets=2', /no well-formed XML/],
    ['another document', '<host/>', /<host> is no VM/],
    ['no number', '<topology sockets="two"/>', /sockets/],
    ['half a socket', '<topology sockets="1.5"/>', /sockets/],
    ['a negative number', '<topology sockets="-1"/>', /sockets/],
    [
      'entities of its own',
      '<!DOCTYPE vm [<!ENTITY e "9">]><vm><description>&e;</description></vm>',
      /document type/,
    ],
    [
      'an external entity',
      '<!DOCTYPE vm [<!ENTITY e SYSTEM "file:///etc/passwd">]><vm><description>&e;</description></vm>',
      /document type|well-formed/,
    ],
  ])('is refused when it is %s', (_title, xml, message) => {
    expect(() => vmUpdateOfXml(xml)).toThrow(message)
  })

  it('is refused when it is no JSON', () => {
    expect(() => vmUpdateOfJson('<vm/>')).toThrow('The body is no JSON.')
  })
})
