// The pieces of work, written once for all engines. What an engine answers is checked
// here; whether losses agree, the driver sees, who has all of them.
//
// An engine is { trainer, predictor, gemm }, as far as it can, and threads where it has several:
//   trainer(widths, weights, samples, batch, adam) -> { fit(epochs), loss() }  rows in their order
//   predictor(widths, weights, rows)               -> { run(x) -> outputs }
//   gemm(n, a, b)                                  -> { run(), product() }
// lacks names the reason for each that it cannot. Anything may be promised.
import { cut, samples, uniform, weights } from './data.js';
import * as reference from './reference.js';

/** Thrown where an engine cannot do a thing: no failure. */
export class Lacking extends Error {}

const ADAM = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

const now = () => performance.now();
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

async function start(engine, what, ...args) {
  if (!engine[what]) throw new Lacking(engine.lacks?.[what] ?? `no ${what}`);
  return engine[what](...args);
}

/** train warms up for one epoch and then measures. Values are samples a second, or steps. */
export async function train(engine, { widths, rows, batch, epochs, steps }) {
  const trainer = await start(engine, 'trainer', widths, weights(widths), samples(widths, rows), batch, ADAM);
  const before = await trainer.loss();
  await trainer.fit(1);
  const begun = now();
  await trainer.fit(epochs);
  const seconds = (now() - begun) / 1000;
  const after = await trainer.loss();
  return { value: (epochs * (steps ? Math.ceil(rows / batch) : rows)) / seconds, before, after };
}

/** memory trains one epoch; the driver looks, calls globalThis.more, and looks again. */
export async function memory(engine, { widths, rows, batch, epochs }) {
  const trainer = await start(engine, 'trainer', widths, weights(widths), samples(widths, rows), batch, ADAM);
  await trainer.fit(1);
  globalThis.more = () => trainer.fit(epochs);
  return { value: Math.ceil(rows / batch) * epochs };
}

/** predict asks again and again for the same number of rows. */
export async function predict(engine, { widths, rows, micros }) {
  const layers = weights(widths), { x } = samples(widths, Math.max(64, rows));
  const predictor = await start(engine, 'predictor', widths, layers, rows);
  const inputs = [];
  for (let from = 0; from + rows <= x.length / widths[0]; from += rows) inputs.push(cut(x, widths[0], from, from + rows).slice());
  const check = async (input) => agree(await predictor.run(input), reference.predict(layers, input, predictor), 1e-4, 'prediction');
  const first = await check(inputs[0]);
  let turn = 0;
  const seconds = await timed(() => predictor.run(inputs[turn++ % inputs.length]));
  const error = Math.max(first, await check(inputs.at(-1)));
  return { value: micros ? seconds * 1e6 : rows / seconds, error };
}

/** cold is the time from navigation to the first prediction of a page that did nothing else. */
export async function cold(engine, { widths }) {
  const layers = weights(widths), { x } = samples(widths, 1);
  const predictor = await start(engine, 'predictor', widths, layers, 1);
  const y = await predictor.run(x);
  const value = now();
  return { value, error: agree(y, reference.predict(layers, x, predictor), 1e-4, 'prediction') };
}

/** gemm multiplies two matrices of n × n. Where the product stays is the engine's business. */
export async function gemm(engine, { n }) {
  const a = uniform(11, n * n), b = uniform(12, n * n);
  const product = await start(engine, 'gemm', n, a, b);
  const check = async () => {
    const c = await product.product();
    let error = 0;
    for (let i = 0; i < n; i += Math.ceil(n / 7)) { // some rows, whole: a wrong edge is seen
      const row = new Float64Array(n);
      for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) row[j] += a[i * n + k] * b[k * n + j];
      error = Math.max(error, agree(cut(c, n, i, i + 1), row, 1e-3, 'product'));
    }
    return error;
  };
  const first = await check();
  const seconds = await timed(() => product.run());
  return { value: (2 * n ** 3) / seconds / 1e9, error: Math.max(first, await check()) };
}

/** agree returns the largest difference, and throws if it is no rounding. */
function agree(got, want, tolerance, what) {
  if (got.length !== want.length) throw new Error(`wrong ${what}: ${got.length} values, not ${want.length}`);
  const most = want.reduce((m, v, i) => (Math.abs(v - got[i]) <= m ? m : Math.abs(v - got[i])), 0);
  if (!(most <= tolerance)) throw new Error(`wrong ${what}: off by ${most}`);
  return most;
}

/**
 * timed returns the seconds of a call: the median of blocks, each long enough for the
 * page's clock, whose ticks are 5 µs.
 */
async function timed(call, { block = 3, total = 700, least = 5 } = {}) {
  const blockOf = async (calls) => {
    const begun = now();
    for (let i = 0; i < calls; i++) {
      const done = call();
      if (done instanceof Promise) await done;
    }
    return now() - begun;
  };
  let calls = 1, took = await blockOf(1);
  while (took < block) took = await blockOf(calls *= 2); // also warms up
  const times = [], begun = now();
  while (times.length < least || now() - begun < total) times.push(await blockOf(calls));
  return median(times) / calls / 1000;
}
