// A forecast as an array of objects, for programs: one row a series and period.
import { label } from '../core/frequency.ts';
import { type ForecastTable, interval } from './forecast-table.ts';

/** `lo-80`, `hi-80` and the like stand beside `mean`, one pair a level. */
export interface ForecastRow {
  readonly unique_id: string;
  /** The period's label: `2026-11-23`; a number for plain steps. */
  readonly ds: string | number;
  readonly model: string;
  readonly mean: number;
  readonly [bound: `lo-${number}` | `hi-${number}`]: number;
}

/** The table as rows, series by series, in time order. */
export function forecastRows(table: ForecastTable): ForecastRow[] {
  const { ids, freq, h, start, mean, level, model } = table;
  const bands = level.map((l) => ({ level: l, ...interval(table, l) }));
  const rows: ForecastRow[] = [];
  for (const [i, unique_id] of ids.entries()) {
    for (let s = 0; s < h; s++) {
      const text = label(freq, start[i]! + s);
      const row: Record<string, string | number> = {
        unique_id,
        ds: freq.unit === 'step' ? Number(text) : text,
        model: model[i]!,
        mean: mean[i * h + s]!,
      };
      for (const { level: l, lo, hi } of bands) {
        row[`lo-${l}`] = lo[i * h + s]!;
        row[`hi-${l}`] = hi[i * h + s]!;
      }
      rows.push(row as unknown as ForecastRow);
    }
  }
  return rows;
}
