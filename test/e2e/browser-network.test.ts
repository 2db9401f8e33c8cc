import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as network from '../../src/network.ts';
import { promotedShop } from '../models/promoted-shop.ts';

const CHROMIUM = '/usr/bin/chromium';
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const missing =
  (!existsSync(CHROMIUM) || !existsSync(join(root, 'dist', 'network.js'))) && process.env.CI !== 'true';
if (missing) {
  process.stdout.write(
    'skip: networks in a browser need Chromium at /usr/bin/chromium, and dist/ (npm run build)\n',
  );
}
/** WebGPU on a processor: slow, and exact. */
const FLAGS =
  '--no-sandbox --no-first-run --disable-background-networking --disable-component-update --disable-sync --enable-unsafe-webgpu --use-webgpu-adapter=swiftshader --enable-features=Vulkan --use-vulkan=swiftshader';
const STEPS = 4;
const LAYERS = [
  'dense',
  'dropout',
  'embedding',
  'rnn',
  'gru',
  'lstm',
  'lstmFrom',
  'convolution',
  'attention',
  'interpretableAttention',
  'mixer',
  'residual',
  'norms',
  'gates',
  'variableSelection',
];

/** Forecasters that were saved, of each kind of body, and drawing paths. */
const FORECASTERS: Readonly<Record<string, object>> = {
  lstm: {},
  cnn: {},
  'patch-transformer': {},
  tft: {},
  deepar: { likelihood: 'gaussian' },
};
const H = 7;

type Door = typeof network;

/** A small training by the name of its layer. Nothing outside is named here: the browser gets it as text. */
async function trained(door: Door, runtime: network.Runtime, name: string, steps: number): Promise<number[]> {
  const { chain, concat, constant, dense, flatten } = door;
  const body: Record<string, network.Layer> = {
    dense: chain(flatten, dense(8, { activation: 'relu' })),
    dropout: chain(flatten, dense(8, { activation: 'relu' }), door.dropout(0.3)),
    embedding: (x, scope) => {
      const places = Array.from({ length: x.shape[0]! }, (_, k) => (k * k) % 5);
      const learned = door.embedding(5, 3)(constant(places, [places.length], 'int64'), scope);
      return concat([flatten(x, scope), learned], -1);
    },
    rnn: door.rnn(6),
    gru: door.gru(6),
    lstm: chain(door.lstm(6, { sequences: true }), door.lstm(6)),
    lstmFrom: (x, scope) => {
      const start = constant(new Array(6 * x.shape[0]!).fill(0.1), [x.shape[0]!, 6]);
      const first = door.lstmFrom([start, start], x, scope);
      return door.lstmFrom(first.end, first.every, scope).end[0];
    },
    convolution: chain(door.convolution(6, { dilation: 2, activation: 'silu' }), flatten),
    attention: chain(dense(8), door.transformerBlock({ heads: 2, inner: 12 }), flatten),
    interpretableAttention: chain(dense(8), door.interpretableAttention({ heads: 2, asking: 4 }), flatten),
    mixer: chain(door.mixer(), flatten),
    residual: chain(door.residual(dense(3, { activation: 'elu' })), flatten),
    norms: chain(flatten, dense(8), door.batchNorm(), door.layerNorm(), dense(4, { activation: 'gelu' })),
    gates: chain(flatten, door.gatedLinear(6), door.gatedResidual(6)),
    variableSelection: chain(door.variableSelection(6, [1, 2]), flatten),
  };
  const [rows, length, features] = [16, 10, 3];
  const values = Float32Array.from({ length: rows * length * features }, (_, k) => Math.sin(k * k));
  const { history } = await door.fitNetwork(
    {
      layers: chain(body[name]!, dense(2)),
      x: { shape: [length, features], values },
      y: { shape: [2], values: Float32Array.from({ length: rows * 2 }, (_, k) => Math.cos(3 * k)) },
    },
    { runtime, steps, batch: rows, rate: 0.01, every: 1 },
  );
  return history.map(({ loss }) => loss);
}

/** Runs a training in the page, as WebAssembly or on WebGPU: the package as people install it, found by an import map. */
const SCRIPT = `
import * as door from '/dist/network.js';
const trained = ${trained.toString()};
const wasm = await door.portableRuntime();
const webgpu = await door.portableRuntime({ device: 'webgpu' });
window.losses = (name, on) => trained(door, on === 'webgpu' ? webgpu : wasm, name, ${STEPS}).catch(String);
const forecasts = async (model, options, saved) => {
  const { state, panel } = door.decodeState(saved);
  const found = await door.createGlobal({ model, options }).forecastAll(state, panel, ${H});
  return found.map(({ mean, values }) => [...mean, ...values]);
};
window.forecasts = (...asked) => forecasts(...asked).catch(String);
window.isReady = true;
`;
const PAGE = `<!doctype html><script type="importmap">{"imports":{"onnxruntime-web":"/ort/ort.webgpu.bundle.min.mjs"}}</script>
<script type="module">${SCRIPT}</script>`;

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

const server = createServer(({ url = '/' }, response) => {
  if (url === '/') {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE);
    return;
  }
  const path = url.startsWith('/ort/') ? join('node_modules', 'onnxruntime-web', 'dist', url.slice(5)) : url;
  const file = join(root, path);
  if (!existsSync(file)) response.writeHead(404).end();
  else response.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain').end(readFileSync(file));
});

describe.runIf(!missing)('networks in a browser', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS.split(' ') });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('window.isReady');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server.close();
  });

  const inPage = (name: string, on: 'wasm' | 'webgpu'): Promise<number[] | string> =>
    page.evaluate<number[] | string>(`window.losses('${name}', '${on}')`);

  it('finds a device', async () => {
    expect(await page.evaluate('navigator.gpu.requestAdapter().then(Boolean)')).toBe(true);
  });

  describe.each(['wasm', 'webgpu'] as const)('on %s', (on) => {
    it.each(LAYERS)(
      'train %s with the losses of the native runtime',
      async (name) => {
        const wanted = await trained(network, await network.nativeRuntime(), name, STEPS);
        const given = await inPage(name, on);
        if (typeof given === 'string') throw new Error(given);
        expect(given.length).toBe(STEPS);
        expect(wanted.at(-1)!).toBeLessThan(wanted[0]!);
        for (const [k, loss] of wanted.entries()) expect(Math.abs(given[k]! - loss)).toBeLessThan(1e-5);
        // A processor takes seconds to compile a device's programs.
      },
      90_000,
    );
  });

  it.each(Object.entries(FORECASTERS))(
    'forecast as a saved %s does in Node',
    async (model, own) => {
      const options = { steps: 20, batch: 16, width: 8, window: 16, ...own };
      const { panel } = promotedShop();
      const forecaster = network.createGlobal({ model, options })!;
      const state = await forecaster.fitAll(panel, { h: H, season_length: 7, seed: 1 });
      const wanted = await forecaster.forecastAll(state, panel, H);
      const saved = network.encodeState({ state, panel });
      const given = await page.evaluate<number[][] | string>(
        `window.forecasts('${model}', ${JSON.stringify(options)}, ${JSON.stringify(saved)})`,
      );
      if (typeof given === 'string') throw new Error(given);
      for (const [i, { mean, values }] of wanted.entries()) {
        const [here, there] = [[...mean, ...values], given[i]!];
        expect(there.length).toBe(here.length);
        for (const [k, value] of here.entries())
          expect(Math.abs(there[k]! - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
      }
    },
    60_000,
  );
});
