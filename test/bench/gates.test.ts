// The cheap correctness gates on public data; `npm run bench -- gates` runs them all.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Gate,
  m3Naive2Gates,
  m4WeeklyGates,
  orangeJuiceGates,
  walmartGates,
} from '../../bench/gates/run.ts';
import { DATA } from '../../bench/m-competitions.ts';

const present = existsSync(join(DATA, 'forecast'));
// A server that tests for a release must not pass because the data were not there.
const demanded = process.env.CI === 'true';
if (!present && !demanded) {
  console.warn(`gates: not checked, the public data are not at ${DATA}; set BELLWETHER_DATA.`);
}

const GROUPS: Readonly<Record<string, () => Gate[]>> = {
  'Walmart naive': walmartGates,
  'orange juice last value and mean of logs': orangeJuiceGates,
  'M4 weekly Naive2': m4WeeklyGates,
  'M3 Naive2': m3Naive2Gates,
};

describe.runIf(present || demanded)('gates', () => {
  for (const [name, gates] of Object.entries(GROUPS)) {
    it(`${name} comes out as published`, () => {
      for (const { gate, wanted, got, tolerance } of gates()) {
        expect(Math.abs(got - wanted), `${gate}: wanted ${wanted}, got ${got}`).toBeLessThanOrEqual(
          tolerance,
        );
      }
    });
  }
});
