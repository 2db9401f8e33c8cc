// The native runtime: ONNX Runtime for Node, an optional package that its users install.
import { UsageError } from '../../core/errors.ts';
import { CPU, GPU } from './lowering.ts';
import { feedsOf, type Numbers, type Runtime, refuseUnknownDevice, type Session } from './runtime.ts';

type Package = typeof import('onnxruntime-node');

/** Where graphs are run. */
export type NativeDevice = 'cpu' | 'webgpu' | 'cuda';
const DEVICES: readonly NativeDevice[] = ['cpu', 'webgpu', 'cuda'];

const INSTALL = 'ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0';
/** The first line of what went wrong, without the place in the runtime's own sources. */
const reasonOf = (error: unknown): string =>
  String((error as Error).message)
    .split('\n')[0]!
    .replace(/^\/\S+:\d+ .* was false\. /, '');

async function load(): Promise<Package> {
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    const isMissing =
      (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' &&
      (error as Error).message.includes("'onnxruntime-node'");
    throw new UsageError(
      isMissing
        ? `networks train fastest on onnxruntime-node, which is not installed; type: ${INSTALL}`
        : `onnxruntime-node is installed but does not load on this machine (${reasonOf(error)}); install it anew: ${INSTALL}`,
    );
  }
}

/**
 * Opens ONNX Runtime for Node. `device` defaults to `cpu`; `webgpu` and `cuda` need a device, and the latter NVIDIA's libraries.
 * Rejects with a UsageError that says what to type where the package is missing or has no binary for this machine; opening a
 * graph does where the device is not there.
 */
export async function nativeRuntime({
  device = 'cpu',
}: {
  readonly device?: NativeDevice;
} = {}): Promise<Runtime> {
  refuseUnknownDevice(device, DEVICES);
  const ort = await load();
  return {
    name: device === 'cpu' ? 'onnxruntime-node' : `onnxruntime-node on ${device}`,
    target: device === 'cpu' ? CPU : GPU,
    async open({ bytes, inputs, outputs }, { threads = 1 } = {}): Promise<Session> {
      const session = await ort.InferenceSession.create(bytes, {
        executionProviders: [device],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        // More takes longer to prepare than it wins.
        graphOptimizationLevel: 'basic',
        logSeverityLevel: 3,
        // Threads that spin while they wait take the core from others.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      }).catch((error: unknown) => {
        if (device === 'cpu') throw error;
        throw new UsageError(
          `onnxruntime-node cannot use ${device} on this machine (${reasonOf(error)}); take device "cpu".`,
        );
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
