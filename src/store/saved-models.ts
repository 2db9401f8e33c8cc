// Fitted models as Parquet: one row a member of a series' blend, its state as JSON; reading fits nothing.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../core/errors.ts';
import type { GlobalFit } from '../forecast/global-forecast.ts';
import type { FittedBlend, FittedMember } from '../models/fitted-blend.ts';
import type { ModelSpec } from '../models/model.ts';
import { eachRow, into, onto, readParquet, writeParquet } from './parquet.ts';
import { decodeState, encodeState } from './plain-data.ts';

/** All that is needed to forecast again without training. */
export interface SavedModels {
  /** The members of each series' blend, in the panel's order. */
  readonly fitted: readonly FittedBlend[];
  /** The models of the whole panel, of which series hold shares. */
  readonly global: readonly GlobalFit[];
  /** What else forecasting needs (calibration, scales, season_length, support): plain data, typed arrays included. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Writes `models.parquet`, `global-models.json` and `settings.json` into a folder. `ids` are the panel's. */
export async function writeModels(
  folder: string,
  ids: readonly string[],
  models: SavedModels,
): Promise<void> {
  const { fitted, settings } = models;
  const members: FittedMember[] = [];
  const owners: number[] = [];
  for (const [i, blend] of fitted.entries()) {
    for (const member of blend) {
      members.push(member);
      owners.push(i);
    }
  }
  const options = (spec: ModelSpec): string | undefined => spec.options && encodeState(spec.options);
  await writeParquet(join(folder, 'models.parquet'), members.length, [
    { name: 'unique_id', kind: 'category', levels: ids, fill: eachRow((row) => owners[row]!) },
    { name: 'series', kind: 'whole', fill: eachRow((row) => owners[row]!) },
    { name: 'weight', kind: 'number', fill: eachRow((row) => members[row]!.weight) },
    { name: 'model', kind: 'text', text: (row) => members[row]!.spec.model },
    { name: 'options', kind: 'text', text: (row) => options(members[row]!.spec) },
    { name: 'fallback', kind: 'text', text: (row) => members[row]!.fallback },
    // Row by row, because the texts of all states together may be larger than all else.
    { name: 'state', kind: 'text', text: (row) => encodeState(members[row]!.state) },
  ]);
  await writeFile(join(folder, 'settings.json'), encodeState(settings));
  await writeFile(join(folder, 'global-models.json'), encodeState(models.global));
}

/** Reads what `writeModels` wrote, for a panel of `series` series. */
export async function readModels(folder: string, series: number, members: number): Promise<SavedModels> {
  const path = join(folder, 'models.parquet');
  const owner = new Float64Array(members);
  const weight = new Float64Array(members);
  const models: string[] = [];
  const options: (string | undefined)[] = [];
  const fallbacks: (string | undefined)[] = [];
  const states: unknown[] = [];
  const rows = await readParquet(path, [
    { name: 'series', kind: 'whole', take: into(owner) },
    { name: 'weight', kind: 'number', take: into(weight) },
    { name: 'model', kind: 'text', take: onto(models, '') },
    { name: 'options', kind: 'text', take: onto(options, undefined) },
    { name: 'fallback', kind: 'text', take: onto(fallbacks, undefined) },
    {
      name: 'state',
      kind: 'text',
      take: (texts) => {
        for (const text of texts) states.push(decodeState(text ?? 'null'));
      },
    },
  ]);
  if (rows !== members) {
    throw new DataError(
      `${path} has ${rows} rows where ${members} belong; restore it from a copy or train anew.`,
    );
  }

  const fitted: FittedMember[][] = Array.from({ length: series }, () => []);
  // Equal specs are one object, as there are few of them and many series.
  const specs = new Map<string, ModelSpec>();
  for (let row = 0; row < rows; row++) {
    const key = `${models[row]} ${options[row] ?? ''}`;
    const spec = specs.get(key) ?? specOf(models[row]!, options[row]);
    specs.set(key, spec);
    const fallback = fallbacks[row];
    fitted[owner[row]!]!.push({
      spec,
      weight: weight[row]!,
      state: states[row],
      ...(fallback === undefined ? {} : { fallback }),
    });
  }
  return {
    fitted,
    global: (await readPlain(join(folder, 'global-models.json'))) as SavedModels['global'],
    settings: (await readPlain(join(folder, 'settings.json'))) as SavedModels['settings'],
  };
}

function specOf(model: string, options: string | undefined): ModelSpec {
  return options === undefined
    ? { model }
    : { model, options: decodeState(options) as Record<string, unknown> };
}

async function readPlain(path: string): Promise<unknown> {
  try {
    return decodeState(await readFile(path, 'utf8'));
  } catch (error) {
    throw new DataError(`${path} is missing or not whole; restore it from a copy or train anew.`, {
      cause: error,
    });
  }
}
