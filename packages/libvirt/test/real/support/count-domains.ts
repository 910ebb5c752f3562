// Opens the URI that it is given and prints as JSON how many domains it lists, or libvirt's refusal.
import { connect, connectListAllDomains, LibvirtError } from '../../../src/index.ts'

async function count(uri: string): Promise<object> {
  try {
    await using connection = await connect(uri)
    const { domains } = await connection.call(connectListAllDomains, { needResults: 1, flags: 0 })
    return { domains: domains.length }
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error
    const { codeName, procedure, message } = error
    return { codeName, procedure, message }
  }
}

process.stdout.write(JSON.stringify(await count(process.argv[2] ?? '')))
