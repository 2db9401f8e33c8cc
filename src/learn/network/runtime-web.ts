// The portable runtime: ONNX Runtime as WebAssembly, in browsers, and in Node where there is no native binary.
import { UsageError } from '../../core/errors.ts';
import { CPU, GPU } from './lowering.ts';
import type { Runtime, Session } from './runtime.ts';
import { feedsOf, refuseUnknownDevice } from './runtime.ts';

type Package = typeof import('onnxruntime-web');

/** Where graphs are run. */
export type PortableDevice = 'wasm' | 'webgpu';
const DEVICES: readonly PortableDevice[] = ['wasm', 'webgpu'];

/**
 * Opens ONNX Runtime's portable build. `device` defaults to `wasm`; `webgpu` needs a browser that has it, and a page in which
 * the name onnxruntime-web stands for the package's WebGPU build (`onnxruntime-web/webgpu`).
 * Rejects with a UsageError that says what to type where the package is missing; opening a graph does where there is no device.
 */
export async function portableRuntime({
  device = 'wasm',
}: {
  readonly device?: PortableDevice;
} = {}): Promise<Runtime> {
  refuseUnknownDevice(device, DEVICES);
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
    name: device === 'wasm' ? 'onnxruntime-web' : 'onnxruntime-web on webgpu',
    target: device === 'wasm' ? CPU : GPU,
    async open({ bytes, inputs, outputs }): Promise<Session> {
      const session = await ort.InferenceSession.create(bytes, {
        executionProviders: [device],
        // A device's programs are chosen after all that can be simplified was.
        graphOptimizationLevel: device === 'wasm' ? 'basic' : 'all',
      }).catch((error: unknown) => {
        if (device === 'wasm') throw error;
        throw new UsageError(
          `onnxruntime-web cannot use webgpu here (${String((error as Error).message).split('\n')[0]}); take device "wasm".`,
        );
      });
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
