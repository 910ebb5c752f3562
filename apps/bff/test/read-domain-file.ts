import { readFileSync } from 'node:fs'

/** A domain XML as libvirt 12.8.0 printed it on a real host. */
export function domainFile(name: string): string {
  return readFileSync(new URL(`./domains/${name}.xml`, import.meta.url), 'utf8')
}
