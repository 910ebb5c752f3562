import { attribute, childElements, element, withAttribute, type XmlTree } from '../xml/xml-tree.ts'
import type { DomainDefinition } from './domain-definition.ts'

/** Features that QEMU adds to its own `qemu64` under software emulation (12.8.0 with QEMU 11.1.3). */
const EMULATED_FEATURES = ['hypervisor', 'lahf_lm']
/** What host-model becomes on the simulated machines. */
const HOST_MODEL = {
  model: 'EPYC-Rome',
  vendor: 'AMD',
  features: ['x2apic', 'tsc-deadline', 'hypervisor', 'tsc_adjust'],
}

/** `<cpu>` as it stands in the XML of a running domain: host-model is expanded, the model is what QEMU really made. */
export function liveCpu(cpu: XmlTree, config: DomainDefinition): XmlTree {
  const x86 = config.arch === 'x86_64' || config.arch === 'i686'
  if (attribute(cpu, 'mode') === 'host-model') return expandedHostModel(cpu, x86)
  if (attribute(cpu, 'mode') !== 'custom') return cpu
  const children = childElements(cpu).map((part) =>
    part.name === 'model' ? withAttribute(part, 'fallback', 'forbid') : part,
  )
  if (!x86) return { ...cpu, children }
  const known = children.some(({ name }) => name === 'feature')
  const features = known ? [] : EMULATED_FEATURES.map(feature)
  return { ...withAttribute(cpu, 'check', 'full'), children: [...children, ...features] }
}

function expandedHostModel(cpu: XmlTree, x86: boolean): XmlTree {
  const rest = childElements(cpu).filter(({ name }) => name !== 'model')
  if (!x86) return { ...cpu, children: rest }
  return element(
    'cpu',
    { mode: 'custom', match: 'exact', check: 'full' },
    element('model', { fallback: 'forbid' }, HOST_MODEL.model),
    element('vendor', {}, HOST_MODEL.vendor),
    ...rest,
    ...HOST_MODEL.features.map(feature),
  )
}

function feature(name: string): XmlTree {
  return element('feature', { policy: 'require', name })
}
