// A forecast as a table for the eye: one line a series and period.
import { label } from '../../core/frequency.ts';
import { type ForecastTable, interval } from '../../forecast/forecast-table.ts';
import { textTable } from './table.ts';

export function forecastTable(table: ForecastTable, columns = 110): string {
  const bands = table.level.map((level) => ({ level, ...interval(table, level) }));
  const headers = [
    'unique_id',
    'ds',
    'mean',
    ...bands.flatMap(({ level }) => [`lo-${level}`, `hi-${level}`]),
  ];
  const rows = table.ids.flatMap((id, i) =>
    Array.from({ length: table.h }, (_, s) => {
      const at = i * table.h + s;
      return [
        id,
        label(table.freq, table.start[i]! + s),
        table.mean[at]!,
        ...bands.flatMap(({ lo, hi }) => [lo[at]!, hi[at]!]),
      ];
    }),
  );
  return textTable(headers, rows, columns);
}
