// Saves and removes runs in the store named by the first argument until it is killed; prints each id it saved.
import { collectGarbage } from '../../src/store/garbage.ts';
import { removeRun, saveRun } from '../../src/store/runs.ts';
import { openStore } from '../../src/store/store.ts';
import { draftOf, forecastOf, shopPanel } from './samples.ts';

const store = await openStore(process.argv[2]);
const panel = shopPanel();
for (let k = 0; ; k++) {
  // A new panel every other time, so that the kill also falls into saving panels.
  panel.y[0] = process.pid + Math.floor(k / 2);
  const fitted = panel.ids.map(() => [{ spec: { model: 'ses' }, weight: 1, state: Float64Array.of(k, 1) }]);
  const id = await saveRun(store, draftOf({ seed: k }), {
    panel,
    forecast: forecastOf(panel, 3, k),
    models: { global: [], fitted, settings: {} },
  });
  process.stdout.write(`saved ${id}\n`);
  if (k % 4 === 3) process.stdout.write(`removing ${id}\n`);
  if (k % 4 === 3) await removeRun(store, id);
  if (k % 8 === 7) await collectGarbage(store);
}
