// The Temporal Fusion Transformer (Lim, Arık, Loeff and Pfister 2021): variables are selected, read in order, and attended to.
import type { Value } from '../learn/network/graph.ts';
import { interpretableAttention } from '../learn/network/layers/attention.ts';
import { dropout } from '../learn/network/layers/dropout.ts';
import { gatedResidual, gatedSkip } from '../learn/network/layers/gating.ts';
import { lstmFrom, type Memory } from '../learn/network/layers/recurrent.ts';
import { variableSelection } from '../learn/network/layers/variable-selection.ts';
import { concat, slice } from '../learn/network/operators/shape.ts';
import type { Layer } from '../learn/network/parameters.ts';
import { directForecaster } from './deep/direct.ts';
import type { DeepState } from './deep/forecaster.ts';
import type { DeepOptions } from './deep/options.ts';
import type { GlobalModel } from './global-model.ts';

const HEADS = 4;

/**
 * A Temporal Fusion Transformer for a whole panel. What the attributes come to decides which variables count, where the LSTMs
 * begin, and how each step is read; the past ends where the horizon begins, and each step to come attends to all before it.
 */
export function tft(options: DeepOptions = {}): GlobalModel<DeepState> {
  return directForecaster(
    'tft',
    ({ past, future, statics, variables }, scope, { width, layers, drop }) => {
      const [steps, h] = [past.shape[1]!, future.shape[1]!];
      const about = variableSelection(width, variables.statics, { drop, name: 'statics' })(statics, scope);
      const told = (name: string): Value => gatedResidual(width, { drop, name })(about, scope);

      const context = told('selection');
      const select = (sizes: readonly number[], name: string): Layer =>
        variableSelection(width, sizes, { context, drop, name });
      const selected = concat(
        [select(variables.past, 'past')(past, scope), select(variables.future, 'future')(future, scope)],
        1,
      );
      const start: Memory = [told('output'), told('memory')];
      let [before, ahead] = [slice(selected, 1, 0, steps), slice(selected, 1, steps)];
      for (let k = 0; k < layers; k++) {
        if (k > 0) [before, ahead] = [dropout(drop)(before, scope), dropout(drop)(ahead, scope)];
        const encoder = lstmFrom(start, before, scope, { name: 'encoder' });
        const decoder = lstmFrom(encoder.end, ahead, scope, { name: 'decoder' });
        [before, ahead] = [encoder.every, decoder.every];
      }
      const read = gatedSkip(selected, { drop, name: 'read' })(concat([before, ahead], 1), scope);
      const enriched = gatedResidual(width, { context: told('enrichment'), drop, name: 'enriched' })(
        read,
        scope,
      );
      const seen = interpretableAttention({ heads: HEADS, asking: h })(enriched, scope);
      const attended = gatedSkip(slice(enriched, 1, steps), { drop, name: 'attended' })(seen, scope);
      const made = gatedResidual(width, { drop, name: 'each' })(attended, scope);
      return gatedSkip(slice(read, 1, steps), { name: 'out' })(made, scope);
    },
    options,
    { width: 32, layers: 1, drop: 0.1 },
  );
}
