// Steps so large that they must be taken in slices.
import { load } from '/deep/site/terrarium.js';

const ROWS = 2048, COLUMNS = 512;

async function large(options) {
  const t = await load(options);
  const model = t.sequential({
    seed: 1,
    layers: [
      t.layers.dense({ units: 512, activation: 'relu', inputShape: [COLUMNS] }),
      t.layers.dense({ units: 512, activation: 'relu' }),
      t.layers.dense({ units: 1 }),
    ],
  });
  await model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const x = new Float32Array(ROWS * COLUMNS).map((_, i) => (i % 17) / 17);
  const y = new Float32Array(ROWS).map((_, i) => i % 2);
  return { t, model, x: t.tensor(x, [ROWS, COLUMNS]), y: t.tensor(y, [ROWS, 1]) };
}

/** slices counts how often an engine on the page's own thread gave the thread back within one step. */
export async function slices() {
  let messages = 0;
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (...args) {
    messages++;
    return post.apply(this, args);
  };
  const { t, model, x, y } = await large({ worker: false });
  messages = 0;
  await model.fit(x, y, { epochs: 1, batchSize: ROWS });
  MessagePort.prototype.postMessage = post;
  t.terminate();
  return messages;
}

/** abort stops a fit in the middle of its only step, and tells what is left. */
export async function abort() {
  const { t, model, x, y } = await large();
  const before = await model.digest();
  const controller = new AbortController();
  const fit = model.fit(x, y, { epochs: 1, batchSize: ROWS, signal: controller.signal });
  setTimeout(() => controller.abort(), 50); // the step takes several times as long
  const code = await fit.then(() => 'none', (error) => error.code);
  const after = await model.digest();
  await model.fit(x, y, { epochs: 1, batchSize: ROWS }); // the model goes on
  const later = await model.digest();
  t.terminate();
  return { code, unchanged: before === after, goesOn: later !== before };
}

/** endless trains until something ends it; globalThis.ended then says what. */
export async function endless() {
  const { model, x, y } = await large();
  globalThis.ended = model.fit(x, y, { epochs: 1e6, batchSize: 256, callbacks: { onBatchEnd: () => { globalThis.running = true; } } })
    .then(() => 'none', (error) => error.code);
}

/** fresh starts another engine and uses it. */
export async function fresh() {
  const { t, model, x } = await large();
  const { shape } = await model.predict(x);
  t.terminate();
  return shape;
}
