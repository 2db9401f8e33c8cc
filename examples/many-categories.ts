// Thousands of products, each with a level of its own: splits by sets of categories, or the mean of the target in order?
import { predictTrees, trainTrees } from '../src/index.ts';

/** Without the product, and with it told both ways. */
const ENCODINGS = [undefined, 'native', 'ordered-target'] as const;

let state = 1;
const uniform = (): number => {
  state = (state * 1664525 + 1013904223) % 4294967296;
  return state / 4294967296;
};
const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
const column = (next: () => number): Float64Array => Float64Array.from({ length: 20_000 }, next);

/** 20,000 sales at a price, of products of which the first are sold most. */
function sales(effects: Float64Array) {
  const product = column(() => Math.floor(effects.length * uniform() ** 2));
  const price = column(normal);
  return { product, price, truth: product.map((p, i) => effects[p]! + Math.sin(2 * price[i]!)) };
}

console.log('Share of what there is to know that is missed, on sales that were held out\n');
console.log('products   without   native   ordered-target');
for (const levels of [50, 500, 2000, 10_000]) {
  const effects = Float64Array.from({ length: levels }, normal);
  const [past, later] = [sales(effects), sales(effects)];
  const y = past.truth.map((v) => v + normal());
  const mean = later.truth.reduce((a, b) => a + b, 0) / later.truth.length;
  const all = later.truth.reduce((total, v) => total + (v - mean) ** 2, 0);
  const missed = ENCODINGS.map((encoding) => {
    const features = ({ price, product }: typeof past) => [
      { name: 'price', values: price },
      ...(encoding ? [{ name: 'product', values: product, levels, encoding }] : []),
    ];
    const said = predictTrees(trainTrees({ features: features(past), y }), features(later));
    return said.reduce((total, v, i) => total + (v - later.truth[i]!) ** 2, 0) / all;
  });
  const [without, native, ordered] = missed.map((share) => `${(100 * share).toFixed(1)} %`);
  console.log(`${levels}`.padStart(8), without!.padStart(9), native!.padStart(8), ordered!.padStart(16));
}
