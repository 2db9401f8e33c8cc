// Models of trees in the Open Neural Network Exchange format, so that other runtimes can predict with them.
import { UsageError } from '../../core/errors.ts';
import { type Constant, encodeOnnx, type OnnxNode } from '../onnx/model.ts';
import type { BinnedFeature } from './bins.ts';
import { featuresOf } from './columns.ts';
import type { TreeModel } from './model.ts';
import { MOST_SCORE } from './objectives.ts';
import { ensembleOf } from './onnx-ensemble.ts';

export interface OnnxOptions {
  /** The graph's name; defaults to `trees`. */
  readonly name?: string;
  /** Whether scores are wanted as they are, before exponentials, probabilities and order; defaults to false. */
  readonly raw?: boolean;
}

const ML = 'ai.onnx.ml';
/** The oldest operations that suffice: those of ONNX 1.8, which every runtime since 2020 knows. */
const VERSIONS = { '': 13, [ML]: 2 };
/** Codes beyond this are not told apart in single precision. */
const MOST_LEVELS = 2 ** 24;

const whole = (name: string, value: number): Constant => ({ name, kind: 'int64', values: [value] });

/** From scores to predictions, as `predictTrees` does it; nothing where they are the same. */
function linkOf({ settings, outputs }: TreeModel): { nodes: OnnxNode[]; constants: Constant[] } {
  const [inputs, outputs_] = [['scores'], ['predictions']];
  switch (settings.objective) {
    case 'poisson':
    case 'tweedie':
    case 'gamma':
      return {
        nodes: [
          { op: 'Clip', inputs: ['scores', 'least', 'most'], outputs: ['clipped'] },
          { op: 'Exp', inputs: ['clipped'], outputs: outputs_ },
        ],
        constants: [
          { name: 'least', kind: 'float', values: -MOST_SCORE },
          { name: 'most', kind: 'float', values: MOST_SCORE },
        ],
      };
    case 'logistic':
      return { nodes: [{ op: 'Sigmoid', inputs, outputs: outputs_ }], constants: [] };
    case 'softmax':
      return {
        nodes: [{ op: 'Softmax', inputs, outputs: outputs_, attributes: { axis: { int: 1 } } }],
        constants: [],
      };
    case 'quantile': {
      if (outputs === 1) break;
      const attributes = { axis: { int: 1 }, largest: { int: 0 }, sorted: { int: 1 } };
      return {
        nodes: [{ op: 'TopK', inputs: ['scores', 'all'], outputs: ['predictions', 'places'], attributes }],
        constants: [whole('all', outputs)],
      };
    }
  }
  return { nodes: [{ op: 'Identity', inputs, outputs: outputs_ }], constants: [] };
}

/** Looks up the means that stand for codes; each column is appended to the features. */
function encodingsOf(columns: readonly BinnedFeature[]): { nodes: OnnxNode[]; constants: Constant[] } {
  const features = featuresOf(columns);
  const nodes: OnnxNode[] = [];
  const constants: Constant[] = [];
  const appended: string[] = [];
  for (const [c, { encoding }] of columns.entries()) {
    if (!encoding) continue;
    const { means, prior } = encoding;
    const codes = Array.from(means.keys()).filter((code) => means[code] !== prior);
    constants.push(whole(`place ${c}`, features[c]!));
    nodes.push(
      {
        op: 'Gather',
        inputs: ['features', `place ${c}`],
        outputs: [`codes ${c}`],
        attributes: { axis: { int: 1 } },
      },
      {
        op: 'LabelEncoder',
        domain: ML,
        inputs: [`codes ${c}`],
        outputs: [`means ${c}`],
        attributes: {
          keys_floats: { floats: codes },
          values_floats: { floats: codes.map((code) => means[code]!) },
          default_float: { float: prior },
        },
      },
    );
    appended.push(`means ${c}`);
  }
  if (appended.length > 0) {
    const inputs = ['features', ...appended];
    nodes.push({ op: 'Concat', inputs, outputs: ['columns'], attributes: { axis: { int: 1 } } });
  }
  return { nodes, constants };
}

/** What a reader of the file must know of the features and the outputs, as JSON. */
function metadataOf({ features, settings }: TreeModel): Record<string, string> {
  const { objective, quantiles } = settings;
  const described = features
    .filter(({ encoding }) => (encoding?.output ?? 0) === 0)
    .map(({ name, levels, encoding }) =>
      encoding
        ? { name, levels: encoding.means.length, encoding: 'ordered-target' }
        : levels > 0
          ? { name, levels }
          : { name },
    );
  return {
    objective,
    features: JSON.stringify(described),
    ...(objective === 'quantile' ? { quantiles: JSON.stringify(quantiles) } : {}),
  };
}

/**
 * A model as an ONNX file. Its input `features` is a table of rows by features in the order of the training table, in single
 * precision, NaN for what is missing and codes for categories; its output `predictions` is what `predictTrees` says of the same
 * numbers, a row by one output, quantile or class (`scores` with `raw`, to which offsets can be added).
 * Throws a UsageError for a category of more than 2²⁴ levels.
 */
export function treesToOnnx(model: TreeModel, { name = 'trees', raw = false }: OnnxOptions = {}): Uint8Array {
  const { features, outputs } = model;
  const wide = features.find(
    ({ levels, encoding }) => Math.max(levels, encoding?.means.length ?? 0) > MOST_LEVELS,
  );
  if (wide) {
    throw new UsageError(
      `feature "${wide.name}" has more categories than the ${MOST_LEVELS} an ONNX file can tell apart; merge rare ones.`,
    );
  }
  const width = featuresOf(features).at(-1)! + 1;
  const encodings = encodingsOf(features);
  const table = encodings.nodes.length > 0 ? 'columns' : 'features';
  const link = raw ? { nodes: [], constants: [] } : linkOf(model);
  return encodeOnnx({
    name,
    nodes: [
      ...encodings.nodes,
      {
        op: 'TreeEnsembleRegressor',
        domain: ML,
        inputs: [table],
        outputs: ['scores'],
        attributes: ensembleOf(model),
      },
      ...link.nodes,
    ],
    constants: [...encodings.constants, ...link.constants],
    inputs: [{ name: 'features', shape: ['rows', width] }],
    outputs: [{ name: raw ? 'scores' : 'predictions', shape: ['rows', outputs] }],
    versions: VERSIONS,
    metadata: metadataOf(model),
  });
}
