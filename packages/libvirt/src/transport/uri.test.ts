import { describe, expect, it } from 'vitest'
import { unixSocketPath } from './socket-paths.ts'
import { sshCommand } from './ssh-command.ts'
import { tlsPaths } from './tls-files.ts'
import { parseLibvirtUri } from './uri.ts'

describe('libvirt URIs', () => {
  it.each([
    ['qemu:///system', { driver: 'qemu', transport: 'unix', host: null, daemonUri: 'qemu:///system' }],
    ['qemu:///session', { transport: 'unix', daemonUri: 'qemu:///session' }],
    ['test:///default', { driver: 'test', daemonUri: 'test:///default' }],
    ['qemu+unix:///system?socket=/run/x', { socket: '/run/x', daemonUri: 'qemu:///system' }],
    ['qemu://host/system', { transport: 'tls', host: 'host', port: null }],
    ['qemu+tcp://host:1234/system', { transport: 'tcp', host: 'host', port: 1234 }],
    [
      'qemu+tls://[::1]:16514/system?pkipath=/pki&no_verify=1',
      { host: '::1', pkipath: '/pki', noVerify: true },
    ],
    [
      'qemu+ssh://us%20er@host:2222/system?keyfile=/k&known_hosts=/h&no_tty=1&command=/bin/s&netcat=ncat&proxy=netcat',
      {
        transport: 'ssh',
        user: 'us er',
        port: 2222,
        keyfile: '/k',
        knownHosts: '/h',
        noTty: true,
        command: '/bin/s',
        netcat: 'ncat',
        proxy: 'netcat',
      },
    ],
    ['qemu:///system?mode=direct&foo=bar', { mode: 'direct', daemonUri: 'qemu:///system?foo=bar' }],
    ['qemu+ssh://h/system?name=qemu:///embed', { daemonUri: 'qemu:///embed' }],
  ])('%s', (text, expected) => {
    expect(parseLibvirtUri(text)).toMatchObject(expected)
  })

  it.each([
    ['', /no libvirt URI/],
    ['system', /no libvirt URI/],
    ['qemu:/system', /no libvirt URI/],
    ['qemu+unix://host/system', /unix socket has no host/],
    ['qemu+ssh:///system', /needs a host/],
    ['qemu+carrier-pigeon://host/system', /no libvirt URI/],
    ['qemu+pigeon://host/system', /not one of unix, tcp, tls, ssh/],
    ['qemu+tcp://host:0/system', /port 0/],
    ['qemu+tcp://host:70000/system', /port 70000/],
    ['qemu+ssh://-oProxyCommand=x/system', /may not begin with "-"/],
    ['qemu+ssh://-l@host/system', /may not begin with "-"/],
    ['qemu:///system?mode=fast', /mode=fast is not one of/],
    ['qemu+ssh://h/system?proxy=x', /proxy=x is not one of/],
    ['qemu+tls://h/system?no_verify=yes', /no_verify is 0 or 1/],
    ['qemu:///system?socket=relative', /absolute path/],
    ['qemu+ssh://h/system?keyfile=%zz', /percent-encoded/],
    ['qemu+ssh://h/system?keyfile=a%00b', /NUL/],
  ])('%j is refused with a reason', (text, message) => {
    expect(() => parseLibvirtUri(text)).toThrow(message)
  })
})

describe('the socket for a URI', () => {
  const none = () => Promise.resolve(false)
  const all = () => Promise.resolve(true)
  it.each([
    ['qemu:///system', false, all, '/var/run/libvirt/virtqemud-sock'],
    ['qemu:///system', false, none, '/var/run/libvirt/libvirt-sock'],
    ['qemu:///system', true, none, '/var/run/libvirt/libvirt-sock-ro'],
    ['qemu:///system?mode=legacy', false, all, '/var/run/libvirt/libvirt-sock'],
    ['qemu:///system?mode=direct', true, none, '/var/run/libvirt/virtqemud-sock-ro'],
    ['qemu:///session', true, none, '/run/user/7/libvirt/libvirt-sock'],
    ['qemu:///session', false, all, '/run/user/7/libvirt/virtqemud-sock'],
    ['test:///default', false, all, '/var/run/libvirt/libvirt-sock'],
    ['lxc:///system', false, all, '/var/run/libvirt/virtlxcd-sock'],
    ['qemu+unix:///system?socket=/x', true, all, '/x'],
  ])('%s, read-only %s', async (uri, readOnly, exists, expected) => {
    const surroundings = { env: { XDG_RUNTIME_DIR: '/run/user/7' }, exists }
    expect(await unixSocketPath(parseLibvirtUri(uri), readOnly, surroundings)).toBe(expected)
  })
})

describe('the ssh command for a URI', () => {
  const command = (uri: string, readOnly = false) => sshCommand(parseLibvirtUri(uri), readOnly)

  it('hands every part over as an argument of its own', () => {
    const { file, args } = command(
      'qemu+ssh://me@host:2222/system?keyfile=/my%20key&no_tty=1&known_hosts=/a%20b',
    )
    expect(file).toBe('ssh')
    expect(args.slice(0, -1)).toEqual([
      '-T',
      '-e',
      'none',
      '-o',
      'BatchMode=yes',
      '-o',
      'UserKnownHostsFile="/a b"',
      '-i',
      '/my key',
      '-p',
      '2222',
      '-l',
      'me',
      '--',
      'host',
    ])
  })

  it('quotes the URI for the shell on the other side', () => {
    const { args } = command("qemu+ssh://host/sys'; touch x #?proxy=native".replace('#', '%23'))
    expect(args.at(-1)).toBe(
      `sh -c 'exec virt-ssh-helper '\\''qemu:///sys'\\''\\'\\'''\\''; touch x %23'\\'''`,
    )
  })

  it('asks for a read-only session', () => {
    expect(command('qemu+ssh://host/session', true).args.at(-1)).toContain('virt-ssh-helper --readonly')
  })

  it('takes another program, and netcat on a given socket', () => {
    const { file, args } = command('qemu+ssh://host/system?command=/opt/ssh&socket=/run/s')
    expect(file).toBe('/opt/ssh')
    expect(args.at(-1)).not.toContain('virt-ssh-helper')
    expect(args.at(-1)).toContain('/run/s')
  })

  it('refuses what it could not find', () => {
    expect(() => command('qemu+ssh://host/session?proxy=netcat')).toThrow(/socket=/)
    expect(() => command('qemu+ssh://host/system?known_hosts=a%22b')).toThrow(/quotes/)
  })
})

describe('the certificates for a URI', () => {
  const uri = parseLibvirtUri('qemu+tls://host/system')
  const exists = (path: string) => Promise.resolve(path.startsWith('/home/me/.pki'))
  it.each([
    ['root uses the system’s', uri, { home: '/root', uid: 0, exists }, '/etc/pki/CA/cacert.pem'],
    ['others use their own', uri, { home: '/home/me', uid: 7, exists }, '/home/me/.pki/libvirt/cacert.pem'],
    ['others without own use the system’s', uri, { home: '/h', uid: 7, exists }, '/etc/pki/CA/cacert.pem'],
    [
      'pkipath= wins',
      parseLibvirtUri('qemu+tls://h/system?pkipath=/p'),
      { home: '/h', uid: 0, exists },
      '/p/cacert.pem',
    ],
  ])('%s', async (_, given, surroundings, ca) => {
    expect((await tlsPaths(given, surroundings)).ca).toBe(ca)
  })
})
