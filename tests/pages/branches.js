// A network of two inputs and two outputs through the JavaScript face; the same in Go
// stands in tests/branches_test.go.
import { load } from '/deep/site/terrarium.js';

const ROWS = 40;

function data(t) {
  const numbers = (n, k) => Float32Array.from({ length: n }, (_, i) => ((i * k) % 64) / 64);
  const rows = (n, k, columns) => t.tensor(numbers(n * columns, k), [n, columns]);
  const labels = t.tensor(Float32Array.from({ length: ROWS }, (_, i) => i % 3), [ROWS]);
  return { x: [rows(ROWS, 7, 4), rows(ROWS, 11, 4)], y: [labels, rows(ROWS, 5, 2)] };
}

export async function branches() {
  const t = await load();
  const { dense, dropout } = t.layers;
  const a = t.input({ shape: [4], name: 'a' }), b = t.input({ shape: [4] });
  const tower = dense({ units: 6, activation: 'tanh', name: 'tower' });
  const kind = dense({ units: 3, activation: 'softmax', name: 'kind' }).apply(dropout({ rate: 0.25 }).apply(tower.apply(a)));
  const place = dense({ units: 2, name: 'place' }).apply([tower.apply([b])]);
  const model = t.model({ inputs: [a, b], outputs: [kind, place], seed: 11 });
  model.compile({
    optimizer: t.train.adam(0.01),
    loss: { kind: 'sparseCategoricalCrossentropy', place: 'meanSquaredError' },
    lossWeights: [1, 0.5],
    metrics: { kind: 'accuracy' },
  });
  const { x, y } = data(t);
  const batches = [];
  const { history } = await model.fit(x, y, {
    epochs: 4, batchSize: 8, accumulate: 2, validationData: [x, y], sampleWeight: y[0], callbacks: { onBatchEnd: (_, logs) => batches.push(logs) },
  });
  const logs = await model.evaluate(x, y);
  const outputs = await model.predict(x);
  const digest = await model.digest();

  const frozen = dense({ units: 5, activation: 'relu' });
  frozen.trainable = false;
  const tuned = model.cut('tower', { layers: [frozen, dense({ units: 1 })], seed: 12 });
  await tuned.setTrainable('tower', false);
  await tuned.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const before = await tuned.getWeights();
  await tuned.fit(x[1], t.tensor(new Float32Array(ROWS), [ROWS, 1]), { epochs: 2 });
  const after = await tuned.getWeights();
  const changed = before.map((w, i) => w.data.some((v, k) => v !== after[i].data[k]));

  const one = (seed) => {
    const m = t.sequential({ layers: [dense({ units: 3, activation: 'softmax', inputShape: [4] })], seed });
    m.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: 'accuracy' });
    return m;
  };
  const cross = await one(1).crossValidate(x[0], y[0], { folds: 4, stratified: true, epochs: 2, callbacks: t.callbacks.earlyStopping({ patience: 1 }) });
  const votes = await one(1).predictWith([one(2), one(3)], x[0], { vote: true });

  const refused = await t.model({ inputs: a, outputs: place }).info().catch((error) => error.code + ': ' + error.message);
  let wrong;
  try { t.model({ inputs: [a], outputs: [tower] }); } catch (error) { wrong = error.code; }
  const { inputs, layers } = await model.info();
  t.terminate();
  return { names: Object.keys(history), logs: Object.keys(logs), batch: Object.keys(batches[0]), batches: batches.length,
    shapes: outputs.map((p) => p.shape), digest, changed, refused,
    folds: cross.folds.map((f) => f.rows.length), means: Object.keys(cross.mean), thirds: votes.data.every((v) => Number.isInteger(Math.round(v * 3e6) / 1e6)),
    wrong, inputs: inputs.map((i) => i.name), layers: layers.length };
}
