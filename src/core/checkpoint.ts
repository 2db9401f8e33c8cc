// A checkpoint keeps finished pieces of long work, so that work which was cut short goes on where it stopped.

/** Values are plain data: numbers, strings, arrays, typed arrays and objects of these. */
export interface Checkpoint {
  /** What was kept under a key; undefined where nothing is. */
  get(key: string): Promise<unknown>;
  /** Keeps a value whole or not at all. */
  put(key: string, value: unknown): Promise<void>;
}

/** A part of a checkpoint, whose keys begin with a name and do not meet those of other parts. */
export const within = (checkpoint: Checkpoint | undefined, name: string): Checkpoint | undefined =>
  checkpoint && {
    get: (key) => checkpoint.get(`${name}-${key}`),
    put: (key, value) => checkpoint.put(`${name}-${key}`, value),
  };

/** Takes what was kept under a key, or does the work and keeps its result. */
export async function resumed<Value>(
  checkpoint: Checkpoint | undefined,
  key: string,
  work: () => Promise<Value>,
): Promise<Value> {
  const kept = await checkpoint?.get(key);
  if (kept !== undefined) return kept as Value;
  const value = await work();
  await checkpoint?.put(key, value);
  return value;
}
