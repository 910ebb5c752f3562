/** A domain without a disk: it runs its firmware and nothing else. */
export function firmwareXml(name: string, uuid: string): string {
  return `<domain type='qemu'>
  <name>${name}</name>
  <uuid>${uuid}</uuid>
  <memory unit='MiB'>64</memory>
  <vcpu current='2'>8</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features><acpi/><apic/></features>
  <devices>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
</domain>`
}

/** A stored definition under another name, with a console of its own. */
export function renamed(xml: string, original: string, name: string, uuid: string): string {
  return xml
    .replace(`<name>${original}</name>`, `<name>${name}</name>`)
    .replace(/<uuid>.*<\/uuid>/, `<uuid>${uuid}</uuid>`)
    .replaceAll(`/${original}.log`, `/${name}.log`)
}
