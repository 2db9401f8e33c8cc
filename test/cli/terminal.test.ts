import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTerminal } from '../../src/cli/terminal.ts';
import type { Progress } from '../../src/core/progress.ts';

const training = (done: number, loss: string): Progress => ({
  stage: 'lstm, window 1',
  unit: 'steps',
  done,
  total: 1000,
  note: `loss ${loss} (was 0.41)`,
});

describe('the progress of long work', () => {
  let written: string[] = [];
  const { isTTY, columns } = process.stderr;
  beforeEach(() => {
    written = [];
    vi.useFakeTimers({ now: 0 });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    Object.assign(process.stderr, { isTTY, columns });
  });

  it('is a bar with what there is to say and the time left, on one line of the terminal', () => {
    Object.assign(process.stderr, { isTTY: true, columns: 120 });
    const { onProgress } = openTerminal();
    onProgress(training(200, '0.30'));
    vi.setSystemTime(4000);
    onProgress(training(400, '0.182'));
    expect(written.at(-1)).toMatch(
      /lstm, window 1 ━+╌+ 400 of 1,000 steps, loss 0.182 \(was 0.41\), 12 s left$/,
    );
    Object.assign(process.stderr, { columns: 70 });
    onProgress(training(400, '0.182'));
    expect(written.at(-1)).toBe(
      '\r\u001b[2Klstm, window 1 400 of 1,000 steps, loss 0.182 (was 0.41), 12 s left',
    );
    Object.assign(process.stderr, { columns: 40 });
    onProgress(training(400, '0.182'));
    expect(written.at(-1)).toHaveLength('\r\u001b[2K'.length + 39);
  });

  it('is a line a quarter in a pipe, once for each of several stages that go on at the same time', () => {
    Object.assign(process.stderr, { isTTY: false });
    const { onProgress } = openTerminal();
    const other = (done: number): Progress => ({ stage: 'backtest', done, total: 100 });
    onProgress(training(50, '0.41'));
    onProgress(other(1));
    vi.setSystemTime(10_000);
    for (const done of [30, 31, 32]) {
      onProgress(training(10 * done, '0.182'));
      onProgress(other(done));
    }
    expect(written).toEqual([
      'lstm, window 1 25%, loss 0.182 (was 0.41), 28 s left\n',
      'backtest 25%, 25 s left\n',
    ]);
  });

  it('is not shown where talk is unwanted', () => {
    Object.assign(process.stderr, { isTTY: true });
    openTerminal({ quiet: true }).onProgress(training(400, '0.182'));
    expect(written).toEqual([]);
  });
});
