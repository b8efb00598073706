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

const IMAGE = [28, 28, 1];

/** cnn has two convolutions of 5 × 5. */
async function cnn(t) {
  const { conv2d, maxPooling2d, flatten, dense: full } = t.layers;
  const conv = (filters, more) => conv2d({ filters, kernelSize: 5, padding: 'same', activation: 'relu', ...more });
  const model = t.sequential({
    seed: 1,
    layers: [conv(8, { inputShape: IMAGE }), maxPooling2d(), conv(16), maxPooling2d(), flatten(), full({ units: 10, activation: 'softmax' })],
  });
  await model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  return model;
}

/** sync prepares a prediction on this thread, of so many rows. */
async function sync(model, rows, inputs, outputs, shape = [inputs]) {
  await model.predict({ data: wave(inputs), shape: [1, ...shape] });
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

const predictCNN = (rows) => ({
  name: `predict cnn rows=${rows}`, unit: 'rows/s', amount: rows,
  prepare: async (t) => sync(await cnn(t), rows, 784, 10, IMAGE),
});

/** fit is an epoch of so many rows. */
const fit = (name, make, shape, batchSize, rows) => ({
  name: `${name} batch=${batchSize}`, unit: 'samples/s', amount: rows,
  prepare: async (t) => {
    const model = await make(t), classes = 10;
    const x = t.tensor(wave(rows * 784), [rows, ...shape]);
    const y = t.tensor(new Float32Array(rows * classes).map((_, i) => Number(Math.floor(i / classes) % 10 === i % classes)), [rows, classes]);
    return (times) => model.fit(x, y, { epochs: times, batchSize });
  },
});

/** recurrent is an epoch of LSTM(32) over 32 steps of 8 features, in batches of 32. */
const recurrent = (rows) => ({
  name: 'lstm batch=32', unit: 'samples/s', amount: rows,
  prepare: async (t) => {
    const model = t.sequential({ seed: 1, layers: [t.layers.lstm({ units: 32, inputShape: [32, 8] }), t.layers.dense({ units: 1 })] });
    await model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const x = t.tensor(wave(rows * 32 * 8), [rows, 32, 8]), y = t.tensor(wave(rows), [rows, 1]);
    return (times) => model.fit(x, y, { epochs: times, batchSize: 32 });
  },
});

const WORKS = [
  product(128), product(256), product(512), product(1024), fit('mlp', mlp, [784], 32, 2048), fit('mlp', mlp, [784], 256, 2048), predict(1), predict(256),
  fit('cnn', cnn, IMAGE, 32, 512), predictCNN(1), predictCNN(64), recurrent(1024),
];

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
