// What the kernel module gains: the same work by an engine with it and by one
// without, in turn, in one browser session.
import { load } from '/deep/site/terrarium.js';

const ROUNDS = 12, SPAN = 100; // milliseconds of each measurement

const wave = (n) => new Float32Array(n).map((_, i) => Math.sin(i * 12.9898));

/** dense is a network of so many inputs and then so many units a layer. */
async function dense(t, [inputs, ...units], options) {
  const model = t.sequential({
    seed: 1,
    layers: units.map((n, i) => t.layers.dense({ units: n, ...options(i === units.length - 1), ...(i === 0 && { inputShape: [inputs] }) })),
  });
  await model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  return model;
}

const MLP = [784, 128, 64, 10];
const mlp = (t) => dense(t, MLP, (last) => ({ activation: last ? 'softmax' : 'relu' }));

/** sync prepares a prediction on this thread, of so many rows. */
async function sync(model, rows, inputs, outputs) {
  await model.predict({ data: wave(inputs), shape: [1, inputs] });
  const x = wave(rows * inputs), out = new Float32Array(rows * outputs);
  return (times) => { for (let i = 0; i < times; i++) model.predictSync(x, out); };
}

/** product is A·B of n × n × n numbers; its unit of work is a GFLOP. */
const product = (n) => ({
  name: `gemm n=${n}`, unit: 'GFLOP/s', amount: (2 * n ** 3) / 1e9,
  prepare: async (t) => sync(await dense(t, [n, n], () => ({ useBias: false })), n, n, n),
});

const predict = (rows) => ({
  name: `predict rows=${rows}`, unit: 'rows/s', amount: rows,
  prepare: async (t) => sync(await mlp(t), rows, MLP[0], MLP.at(-1)),
});

/** fit is an epoch of so many rows. */
const fit = (batchSize, rows) => ({
  name: `mlp batch=${batchSize}`, unit: 'samples/s', amount: rows,
  prepare: async (t) => {
    const model = await mlp(t), classes = MLP.at(-1);
    const x = t.tensor(wave(rows * MLP[0]), [rows, MLP[0]]);
    const y = t.tensor(new Float32Array(rows * classes).map((_, i) => Number(Math.floor(i / classes) % 10 === i % classes)), [rows, classes]);
    return (times) => model.fit(x, y, { epochs: times, batchSize });
  },
});

const WORKS = [product(128), product(256), product(512), product(1024), fit(32, 2048), fit(256, 2048), predict(1), predict(256)];

/** race returns for each work how much of it is done in a second, with the module and without. */
export async function race() {
  const engines = [await load({ worker: false }), await load({ worker: false, kernels: false })];
  const results = [];
  for (const { name, unit, amount, prepare } of WORKS) {
    const runs = [];
    for (const engine of engines) runs.push({ work: await prepare(engine), times: 1, best: 0 });
    for (let round = -4; round < ROUNDS; round++) {
      for (const run of runs) {
        const start = performance.now();
        await run.work(run.times);
        const spent = performance.now() - start;
        if (round >= 0) run.best = Math.max(run.best, (amount * run.times * 1000) / spent);
        else run.times = Math.max(1, Math.min(run.times * 20, Math.round((run.times * SPAN) / Math.max(spent, 0.1))));
      }
    }
    results.push({ name, unit, module: runs[0].best, go: runs[1].best });
  }
  engines.forEach((engine) => engine.terminate());
  return results;
}
