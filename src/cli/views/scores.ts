// Scores as a table: the best model first, the seasonal naive always among them.
import type { ScoreRow } from '../../evaluate/scores.ts';
import { textTable } from './table.ts';

const fixed = (value: number, digits: number): string =>
  Number.isFinite(value) ? value.toFixed(digits) : '';
const percent = (share: number | undefined): string =>
  share === undefined || !Number.isFinite(share) ? '' : `${(100 * share).toFixed(1)}%`;

/** One table a segment, with the number of series and cells it was scored on. */
export function scoresView(scores: readonly ScoreRow[], columns: number): string {
  const segments = [...new Set(scores.map((row) => row.segment))];
  return segments
    .map((segment) => {
      const rows = scores.filter((row) => row.segment === segment);
      const { series, cells } = rows[0]!;
      const table = textTable(
        ['model', 'MASE', 'skill', 'wins', 'WAPE', 'sMAPE', 'RMSSE', 'CRPS', 'bias', 'in 80%', 'in 95%'],
        rows.map((row) => [
          row.model,
          fixed(row.mase, 3),
          percent(row.skill),
          percent(row.win_rate),
          percent(row.wape),
          fixed(row.smape, 2),
          fixed(row.rmsse, 3),
          fixed(row.crps, 3),
          percent(row.bias),
          percent(row.coverage[80]),
          percent(row.coverage[95]),
        ]),
        columns,
      );
      const count = (n: number): string => n.toLocaleString('en');
      return `${segment}: ${count(series)} series, ${count(cells)} cells\n${table}`;
    })
    .join('\n');
}
