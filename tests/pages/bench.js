// The work that BENCHMARKS.md speaks of, through the JavaScript face, in a worker.
import { load } from '/deep/site/terrarium.js';

const now = () => performance.now() / 1000;

/** train fits for one epoch to warm up and then for so many, and returns the seconds of these. */
async function train({ widths, activation, loss, rows, epochs, label }) {
  const t = await load();
  const layers = widths.slice(1).map((units, i) => t.layers.dense({
    units,
    activation: i === widths.length - 2 ? activation : 'relu',
    ...(i === 0 && { inputShape: [widths[0]] }),
  }));
  const model = t.sequential({ layers, seed: 1 });
  await model.compile({ optimizer: t.train.adam(0.001), loss });
  const classes = widths.at(-1);
  const x = t.tensor(new Float32Array(rows * widths[0]).map((_, i) => Math.sin(i * 12.9898)), [rows, widths[0]]);
  const y = t.tensor(new Float32Array(rows * classes).map((_, i) => label(Math.floor(i / classes), i % classes)), [rows, classes]);
  await model.fit(x, y, { epochs: 1, batchSize: 32 });
  const start = now();
  await model.fit(x, y, { epochs, batchSize: 32 });
  const seconds = now() - start;
  t.terminate();
  return seconds;
}

/** mlp: 784-128-64-10, Adam, batches of 32. */
export const mlp = () => train({
  widths: [784, 128, 64, 10], activation: 'softmax', loss: 'categoricalCrossentropy',
  rows: 6000, epochs: 2, label: (row, k) => Number(row % 10 === k),
});

/** tabular: 10-32-16-1, Adam, batches of 32. */
export const tabular = () => train({
  widths: [10, 32, 16, 1], activation: 'sigmoid', loss: 'binaryCrossentropy',
  rows: 1000, epochs: 100, label: (row) => row % 2,
});

/** lstm: LSTM(32) over 32 steps of 8 features, dense 1, Adam, batches of 32. */
export async function lstm() {
  const rows = 1024, t = await load();
  const layers = [t.layers.lstm({ units: 32, inputShape: [32, 8] }), t.layers.dense({ units: 1 })];
  const model = t.sequential({ layers, seed: 1 });
  await model.compile({ optimizer: t.train.adam(0.001), loss: 'meanSquaredError' });
  const x = t.tensor(new Float32Array(rows * 32 * 8).map((_, i) => Math.sin(i * 12.9898)), [rows, 32, 8]);
  const y = t.tensor(new Float32Array(rows).map((_, i) => i % 2), [rows, 1]);
  await model.fit(x, y, { epochs: 1, batchSize: 32 });
  const start = now();
  await model.fit(x, y, { epochs: 10, batchSize: 32 });
  const seconds = now() - start;
  t.terminate();
  return seconds;
}

/** transformer: two blocks of width 64, four heads, context 64, vocabulary 96, Adam, batches of 32. */
export async function transformer() {
  const t = await load();
  const context = 64, vocabulary = 96, rows = 256, epochs = 2, block = { numHeads: 4, useCausalMask: true };
  const model = t.sequential({ layers: [
    t.layers.embedding({ inputDim: vocabulary, outputDim: 64, inputShape: [context] }),
    t.layers.positionEmbedding(), t.layers.transformerBlock(block), t.layers.transformerBlock(block),
    t.layers.layerNormalization(), t.layers.dense({ units: vocabulary, activation: 'softmax' }),
  ], seed: 1 });
  await model.compile({ optimizer: t.train.adam(0.001), loss: 'sparseCategoricalCrossentropy' });
  const text = (ahead) => t.tensor(new Float32Array(rows * context).map((_, i) => ((i + ahead) * 7919) % vocabulary), [rows, context]);
  await model.fit(text(0), text(1), { epochs: 1, batchSize: 32 });
  const begin = now();
  await model.fit(text(0), text(1), { epochs, batchSize: 32 });
  const seconds = now() - begin;
  t.terminate();
  return seconds;
}

/** start is how long it takes from nothing to the first prediction. */
export async function start() {
  const begin = now();
  const t = await load();
  const model = t.sequential({ layers: [t.layers.dense({ units: 1, inputShape: [4] })], seed: 1 });
  await model.predict(t.tensor([[1, 2, 3, 4]]));
  const seconds = now() - begin;
  t.terminate();
  return seconds;
}
