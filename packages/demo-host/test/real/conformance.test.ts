import { conformanceSuite } from '../conformance/suite.ts'
import { openRealBench } from '../support/real-bench.ts'

conformanceSuite('real host', openRealBench)
