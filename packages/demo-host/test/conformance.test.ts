import { conformanceSuite } from './conformance/suite.ts'
import { openDemoBench } from './support/demo-bench.ts'

conformanceSuite('simulated host', () => openDemoBench())
