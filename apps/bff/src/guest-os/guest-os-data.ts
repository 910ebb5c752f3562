import type { DetectionRules, MatrixRow } from '@coreshift/shared'
import { DetectionFile, detectionRulesOf } from './detection-file.ts'
import detectionJson from './detection.json' with { type: 'json' }
import { MatrixFile, matrixRowOf } from './matrix-file.ts'
import matrixJson from './matrix.json' with { type: 'json' }

/** The guest OS data as shipped. Throws a ZodError that names the field where a file is not as it has to be. */
export function readGuestOsData(): {
  readonly rows: readonly MatrixRow[]
  readonly detection: DetectionRules
  readonly matrixFile: MatrixFile
  readonly detectionFile: DetectionFile
} {
  const matrixFile = MatrixFile.parse(matrixJson)
  const detectionFile = DetectionFile.parse(detectionJson)
  return {
    rows: matrixFile.rows.map(matrixRowOf),
    detection: detectionRulesOf(detectionFile),
    matrixFile,
    detectionFile,
  }
}
