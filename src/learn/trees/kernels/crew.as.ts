// How threads share calls of the loops: each has its part of them, helps the others after that, and all meet at the end.
import { perform } from './calls.as';

/** Milliseconds, from anywhere. */
@external("env", "now")
declare function now(): f64;

/** The words of the state, far enough from each other that no two share a cache line; `crew.ts` knows them too. */
const TICKET: usize = 64;
const DONE: usize = 128;
const SLEEPING: usize = 192;
const FAILED: usize = 256;
const STOPPED: usize = 260;
/** Which calls are taken, a word each. */
const TAKEN: usize = 320;
/** The calls: number of the loop, eight numbers for it, what it returned. */
const TABLE: usize = TAKEN + 4096;
const CALL: usize = 80;

/** A ticket tells of a round in one word, so that it is seen whole: 22 bits of its number, 10 of its calls. */
@inline
function callsOf(ticket: i32): i32 {
  return ticket & 1023;
}

/** Looks at a word before sleeping on it. */
const SPINS: i32 = 20_000;

/** Numbers to work on below which a round is not shared, and from which on it always is: some 10 microseconds, some 5 ms. */
const SHARED_CELLS: f64 = 10_000;
const LARGE_CELLS: f64 = 4_000_000;
const MOST_DISTRUST: i32 = 255;
/** Milliseconds that the leader may wait beyond as long as it worked itself, until helpers count as put off. */
const LATE: f64 = 0.3;

/** Which thread this is, 0 for the one that leads, and of how many: each has an instance of these loops with its own numbers. */
export let seat: usize = 0;
let threads: i32 = 1;
/** Milliseconds without any call being done after which a helper counts as dead. */
let patience: f64 = 0;

export function sit(thread: i32, all: i32, most: f64): void {
  seat = thread;
  threads = all;
  patience = most;
}

@inline
function take(k: i32): void {
  const word = TAKEN + (<usize>k << 2);
  if (atomic.load<i32>(word) == 1 || atomic.xchg<i32>(word, 1) == 1) return;
  perform(TABLE + <usize>k * CALL);
  if (atomic.add<i32>(DONE, 1) + 1 == callsOf(atomic.load<i32>(TICKET))) atomic.notify(DONE);
}

/**
 * Takes calls until none is left: first this thread's part from its beginning, then what others have left of theirs, from the
 * end. So a thread mostly works on the same rows and features from round to round, and finds them in its own cache.
 *
 * A thread that comes late for a round may take calls of the next one. That does no harm: they are complete when they can be
 * taken.
 */
function takeCalls(): void {
  const count = callsOf(atomic.load<i32>(TICKET));
  const own = <i32>seat;
  for (let t = own; t < own + threads; t++) {
    const p = t % threads;
    const from = (p * count) / threads;
    const to = ((p + 1) * count) / threads;
    for (let k = 0; k < to - from; k++) take(p == own ? from + k : to - 1 - k);
  }
}

/** What a helping thread does until it is told to stop: it looks for work for a while, then sleeps until there is some. */
export function help(): void {
  let seen = atomic.load<i32>(TICKET);
  while (atomic.load<i32>(STOPPED) == 0) {
    let ticket = atomic.load<i32>(TICKET);
    for (let spin = 0; spin < SPINS && ticket == seen; spin++) ticket = atomic.load<i32>(TICKET);
    if (ticket == seen) {
      atomic.add<i32>(SLEEPING, 1);
      atomic.wait<i32>(TICKET, ticket, -1);
      atomic.sub<i32>(SLEEPING, 1);
      continue;
    }
    seen = ticket;
    takeCalls();
  }
}

// On a busy machine a helper may be put off while the leader waits for it. The leader then does small rounds alone for a while,
// longer each time, until a helper is prompt again. Which thread does what changes no result.
let alone: i32 = 0;
let distrust: i32 = 0;
let round: i32 = 0;

/** Why the crew does not work: no reason, it was stopped, or a helper has ended. */
@inline
function refusal(): i32 {
  if (threads == 1) return 0;
  if (atomic.load<i32>(STOPPED)) return 1;
  return atomic.load<i32>(FAILED) ? 2 : 0;
}

/** Waits until all calls are done; `own` is the milliseconds that the leader's share of them took. Returns the refusal. */
function meet(count: i32, own: f64): i32 {
  const began = now();
  let done = atomic.load<i32>(DONE);
  for (let spin = 0; spin < SPINS && done < count; spin++) done = atomic.load<i32>(DONE);
  while (done < count) {
    const answer = atomic.wait<i32>(DONE, done, <i64>(patience * 1e6));
    if (refusal()) return refusal();
    const seen = atomic.load<i32>(DONE);
    // In vain: no call takes a hundredth of so long.
    if (answer == 2 && seen == done) {
      atomic.store<i32>(FAILED, 1);
      return 2;
    }
    done = seen;
  }
  const isLate = now() - began > LATE + own;
  distrust = isLate ? min(2 * distrust + 1, MOST_DISTRUST) : distrust >> 1;
  alone = distrust;
  return 0;
}

/**
 * Does the `count` calls of the table, and returns when all are done: 0, or why not, see `refusal`. `cells` is about how many
 * numbers they work on, from which follows whether they are worth sharing.
 */
export function run(count: i32, cells: f64): i32 {
  const refused = refusal();
  if (refused) return refused;
  const isShared = threads > 1 && count > 1 && cells >= SHARED_CELLS && (alone == 0 || cells >= LARGE_CELLS);
  if (!isShared) {
    alone = max(0, alone - 1);
    for (let k = 0; k < count; k++) perform(TABLE + <usize>k * CALL);
    return 0;
  }
  atomic.store<i32>(DONE, 0);
  for (let k = 0; k < count; k++) atomic.store<i32>(TAKEN + (<usize>k << 2), 0);
  atomic.store<i32>(TICKET, (++round << 10) | count);
  if (atomic.load<i32>(SLEEPING) > 0) atomic.notify(TICKET);
  const began = now();
  takeCalls();
  return meet(count, now() - began);
}

/** Writes call `k` of the next round. */
@inline
export function tell(k: i32, loop: i32, a: f64, b: f64, c: f64 = 0, d: f64 = 0, e: f64 = 0, f: f64 = 0): void {
  const at = TABLE + <usize>k * CALL;
  store<f64>(at, <f64>loop);
  store<f64>(at, a, 8);
  store<f64>(at, b, 16);
  store<f64>(at, c, 24);
  store<f64>(at, d, 32);
  store<f64>(at, e, 40);
  store<f64>(at, f, 48);
}
