// The portable runtime: ONNX Runtime as WebAssembly, in browsers, and in Node where there is no native binary.
import { UsageError } from '../../core/errors.ts';
import { CPU } from './lowering.ts';
import type { Runtime, Session } from './runtime.ts';
import { feedsOf } from './runtime.ts';

type Package = typeof import('onnxruntime-web');

/** Rejects with a UsageError that says what to type where the package is missing. */
export async function portableRuntime(): Promise<Runtime> {
  let ort: Package;
  try {
    ort = await import('onnxruntime-web');
  } catch {
    throw new UsageError(
      'networks run on ONNX Runtime, which is not installed; type: npm install onnxruntime-web@1.30.0',
    );
  }
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  return {
    name: 'onnxruntime-web',
    target: CPU,
    async open({ bytes, inputs, outputs }): Promise<Session> {
      const session = await ort.InferenceSession.create(bytes, { graphOptimizationLevel: 'basic' });
      return {
        async run(fed, into = {}) {
          const feeds = feedsOf(inputs, fed, (values, shape) =>
            values instanceof Float32Array
              ? new ort.Tensor('float32', values, shape)
              : new ort.Tensor('int64', values, shape),
          );
          const results = await session.run(feeds);
          return Object.fromEntries(
            Object.keys(outputs).map((name) => {
              const made = results[name]!.data as Float32Array;
              // It does not write into arrays that it is given.
              into[name]?.set(made);
              return [name, into[name] ?? made];
            }),
          );
        },
        release: () => session.release(),
      };
    },
  };
}
