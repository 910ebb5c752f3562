import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env, '/start')
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('configuration from the environment', () => {
  it('has a usable default for everything', () => {
    expect(readConfig({}, '/start')).toEqual({
      listen: { host: '127.0.0.1', port: 8730 },
      checkpoints: { kind: 'stdout' },
      dataDirectory: '/start/data',
      hosts: [],
      demo: undefined,
      logLevel: 'info',
    })
  })

  it('counts an empty value as unset', () => {
    expect(readConfig({ CORESHIFT_LISTEN: ' ', CORESHIFT_DEMO: '' }, '/start').listen.port).toBe(8730)
  })

  it.each([
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
    [':9000', { host: '0.0.0.0', port: 9000 }],
    ['[::1]:8730', { host: '::1', port: 8730 }],
    ['node1.lan:1', { host: 'node1.lan', port: 1 }],
  ])('reads the listen address %s', (text, expected) => {
    expect(readConfig({ CORESHIFT_LISTEN: text }, '/start').listen).toEqual(expected)
  })

  it('reads hosts whose URI holds equals signs and question marks', () => {
    const { hosts } = readConfig(
      { CORESHIFT_HOSTS: 'a=qemu:///system; b=qemu+ssh://u@h/system?keyfile=/k;' },
      '/',
    )
    expect(hosts).toEqual([
      { name: 'a', uri: 'qemu:///system' },
      { name: 'b', uri: 'qemu+ssh://u@h/system?keyfile=/k' },
    ])
  })

  it('keeps an absolute data folder and the origin of the public address', () => {
    const config = readConfig(
      { CORESHIFT_DATA: '/var/lib/c', CORESHIFT_PUBLIC_URL: 'https://c.example:443/' },
      '/',
    )
    expect(config.dataDirectory).toBe('/var/lib/c')
    expect(config.publicOrigin).toBe('https://c.example')
  })

  it('looks for hooks in a folder only when one is named', () => {
    expect(readConfig({ CORESHIFT_HOOKS: 'hooks' }, '/start').hooksFolder).toBe('/start/hooks')
    expect(readConfig({ CORESHIFT_HOOKS: '/etc/coreshift/hooks' }, '/start').hooksFolder).toBe(
      '/etc/coreshift/hooks',
    )
  })

  it('is frozen', () => {
    expect(Object.isFrozen(readConfig({}, '/start'))).toBe(true)
  })

  it.each([
    ['CORESHIFT_LISTEN', 'localhost'],
    ['CORESHIFT_LISTEN', '127.0.0.1:70000'],
    ['CORESHIFT_DATABASE_URL', 'mysql://x/y'],
    ['CORESHIFT_PUBLIC_URL', 'https://host/path'],
    ['CORESHIFT_PUBLIC_URL', 'ftp://host'],
    ['CORESHIFT_HOSTS', 'qemu:///system'],
    ['CORESHIFT_HOSTS', 'a=qemu:///system;a=qemu:///session'],
    ['CORESHIFT_DEMO', 'yes'],
    ['CORESHIFT_LOG_LEVEL', 'loud'],
  ])('names %s when it is "%s"', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(name)
  })

  it('reports all problems at once and never repeats a database password', () => {
    const problems = problemsOf({
      CORESHIFT_LISTEN: 'x',
      CORESHIFT_DEMO: 'maybe',
      CORESHIFT_DATABASE_URL: 'http://user:hunter2@host/db',
    })
    expect(problems).toHaveLength(3)
    expect(problems.join(' ')).not.toContain('hunter2')
  })
})
