// For any Node that the package promises. Arguments: the package's entry, a URI, a running guest. Plugs a vCPU in, takes it
// out again without waiting, and prints as JSON what it saw.
const [entry = '', uri = '', name = ''] = process.argv.slice(2)
const lv: typeof import('../../../src/index.ts') = await import(entry)

const connection = await lv.connect(uri)
const { domains } = await connection.call(lv.connectListAllDomains, { needResults: 1, flags: 0 })
const domain = domains.find((each) => each.name === name)
if (domain === undefined) throw new Error(`there is no ${name} among ${domains.length} domains`)
const { xml } = await connection.call(lv.domainGetXmlDesc, { domain, flags: 0 })
const flags = lv.VcpuFlags.LIVE
const { count } = await connection.call(lv.domainGetVcpusFlags, { domain, flags })
await connection.call(lv.domainSetVcpusFlags, { domain, count: count + 1, flags })
const plugged = await connection.call(lv.domainGetVcpusFlags, { domain, flags })

const removed = connection.events(lv.vcpuRemoved, { domain })
await removed.ready
await connection.call(lv.domainSetVcpusFlags, { domain, count, flags: flags | lv.VcpuFlags.ASYNC_UNPLUG })
const { value } = await removed.next()
const left = await connection.call(lv.domainGetVcpusFlags, { domain, flags })
await connection.close()

process.stdout.write(
  JSON.stringify({
    node: process.versions.node,
    named: xml.includes(`<name>${name}</name>`),
    plugged: plugged.count,
    removed: value?.vcpuId,
    left: left.count,
  }),
)
