import { figureLine, isMet } from './figures.ts'
import { lighthouseScores } from './measures/lighthouse.ts'

const figures = await lighthouseScores()
for (const figure of figures) console.log(figureLine(figure))
process.exitCode = figures.every(isMet) ? 0 : 1
