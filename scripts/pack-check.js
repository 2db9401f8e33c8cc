// Packs the package, installs it into an empty folder as a stranger would, and runs it there.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MOST_PACKAGES = 25;
const MOST_MEGABYTES = 120;

const folder = mkdtempSync(join(tmpdir(), 'bellwether-pack-'));
const run = (command, args, cwd = folder) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}

try {
  const packed = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], '.'),
  );
  const { filename, size } = Array.isArray(packed) ? packed[0] : Object.values(packed)[0];
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  run('npm', ['install', '--no-audit', '--no-fund', join(folder, filename)]);
  const packages = run('npm', ['ls', '--all', '--parseable']).trim().split('\n').length - 1;
  const megabytes = Number(run('du', ['-sm', 'node_modules']).split('\t')[0]);
  process.stdout.write(`${filename}: ${size} bytes; installed: ${packages} packages, ${megabytes} MB\n`);
  if (packages > MOST_PACKAGES) fail(`${packages} packages are more than ${MOST_PACKAGES}`);
  if (megabytes > MOST_MEGABYTES) fail(`${megabytes} MB are more than ${MOST_MEGABYTES}`);

  const began = Date.now();
  run('npx', ['bellwether', 'demo', '--no-open']);
  process.stdout.write(`demo: ${(Date.now() - began) / 1000} s\n`);
  if (Date.now() - began > 60_000) fail('the demo took more than a minute');
  for (const file of ['report.html', 'forecast.csv']) {
    if (!readdirSync(join(folder, 'bellwether-demo')).includes(file)) fail(`the demo wrote no ${file}`);
  }

  writeFileSync(
    join(folder, 'library.js'),
    `import { forecast } from 'bellwether';
const sales = Array.from({ length: 90 }, (_, t) => ({ date: new Date(Date.UTC(2026, 0, 1 + t)), sku: 'tea', units: 20 + (t % 7) }));
const { rows } = await forecast(sales, { h: 7 });
if (rows.length !== 7 || rows.some((row) => !(row.mean > 15 && row.mean < 30))) throw new Error(JSON.stringify(rows));
`,
  );
  run('node', ['library.js']);
  const csv = run('npx', [
    'bellwether',
    'forecast',
    'bellwether-demo/sales.csv',
    '-H',
    '14',
    '-q',
    '--no-save',
    '--threads',
    '2',
  ]);
  if (!csv.startsWith('unique_id,ds,mean,lo-80,hi-80,lo-95,hi-95\n'))
    fail(`unexpected header: ${csv.slice(0, 80)}`);

  // A reader that leaves early costs nothing: the run is kept.
  run('sh', ['-c', 'npx bellwether forecast bellwether-demo/sales.csv -H 14 -q --store kept | head -n 1']);
  const runs = JSON.parse(run('npx', ['bellwether', 'runs', 'ls', '--json', '--store', 'kept']));
  if (runs.length !== 1) fail(`${runs.length} runs were kept behind a closed pipe instead of 1`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
