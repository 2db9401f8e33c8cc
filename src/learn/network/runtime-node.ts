// The native runtime: ONNX Runtime for Node, an optional package that its users install.
import { UsageError } from '../../core/errors.ts';
import { CPU } from './lowering.ts';
import { feedsOf, type Numbers, type Runtime, type Session } from './runtime.ts';

type Package = typeof import('onnxruntime-node');

/** Where the native package is missing, or has no binary for this machine, this rejects with a UsageError that says what to type. */
export async function nativeRuntime(): Promise<Runtime> {
  let ort: Package;
  try {
    ort = await import('onnxruntime-node');
  } catch {
    throw new UsageError(
      'networks train fastest on onnxruntime-node, which is not installed; type: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0',
    );
  }
  return {
    name: 'onnxruntime-node',
    target: CPU,
    async open({ bytes, inputs, outputs }, { threads = 1 } = {}): Promise<Session> {
      const session = await ort.InferenceSession.create(bytes, {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        // More takes longer to prepare than it wins.
        graphOptimizationLevel: 'basic',
        logSeverityLevel: 3,
        // Threads that spin while they wait take the core from others.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      });
      // Arrays are the same from step to step, so their tensors are made once.
      const known = new WeakMap<Numbers, InstanceType<Package['Tensor']>>();
      const tensorOf = (values: Numbers, shape: readonly number[]): InstanceType<Package['Tensor']> => {
        let tensor = known.get(values);
        if (!tensor) {
          tensor =
            values instanceof Float32Array
              ? new ort.Tensor('float32', values, shape)
              : new ort.Tensor('int64', values, shape);
          known.set(values, tensor);
        }
        return tensor;
      };
      return {
        async run(fed, into = {}) {
          const feeds = feedsOf(inputs, fed, tensorOf);
          const wanted = Object.fromEntries(
            Object.entries(outputs).map(([name, shape]) => [
              name,
              into[name] ? tensorOf(into[name], shape) : null,
            ]),
          );
          const results = await session.run(feeds, wanted);
          return Object.fromEntries(
            Object.keys(outputs).map((name) => [name, results[name]!.data as Float32Array]),
          );
        },
        release: () => session.release(),
      };
    },
  };
}
