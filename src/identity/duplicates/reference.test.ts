// The published FEBRL data sets, whose record ids say who is who; their social security numbers are left out.
import { expect } from 'vitest'
import { referenceTest } from '../../../test/reference.ts'
import { readRows } from '../../lib/csv/dialect.ts'
import { findDuplicates, thresholds } from './find.ts'
import { measureBCubed, measureGroupPairs, measurePairs, measureWholeGroups } from './measure.ts'
import { gatherTable } from './table.ts'

for (const [file, least] of [
  ['dedupe/dataset1.csv', 0.985],
  ['dedupe/dataset2.csv', 0.99],
  ['dedupe/dataset3.csv', 0.99],
] as const) {
  referenceTest(
    `${file} by default settings: clusters at an F1 of ${least}, and a precision of 0.999 of what is merged without a person`,
    file,
    (text) => {
      const [header = [], ...rows] = readRows(text, ',', Infinity)
      const gatherer = gatherTable(header.map((name) => name.trim()))
      for (const row of rows) if (row.length > 1) gatherer.add(row)
      const table = gatherer.finish((_, cell) => cell(0))
      const found = findDuplicates(table, { idColumns: ['rec_id'], ignored: ['soc_sec_id'] })
      const truth = table.ids.map((id) => /^rec-(\d+)-/.exec(id)![1]!)
      const groups = found.groups.map(({ records }) => records)
      const merged = found.pairs.filter(
        ({ probability, needsPerson }) => needsPerson === null && probability >= thresholds.merge,
      )
      expect(measureGroupPairs(groups, truth).f1).toBeGreaterThanOrEqual(least)
      expect(measureWholeGroups(groups, truth).f1).toBeGreaterThan(0.97)
      expect(measureBCubed(groups, truth).f1).toBeGreaterThan(0.99)
      expect(
        measurePairs(
          merged.map(({ a, b }) => [a, b]),
          truth,
        ).precision,
      ).toBeGreaterThanOrEqual(0.999)
      expect(merged.length).toBeGreaterThan(0)
    },
  )
}
