// The model and the data of core/train/golden_hash_test.go, through the JavaScript
// face. One seed, one digest: here as natively.
import { load } from '/deep/site/terrarium.js';

const ROWS = 150, COLUMNS = 300, CLASSES = 3;

function data() {
  const x = new Float32Array(ROWS * COLUMNS), y = new Float32Array(ROWS * CLASSES);
  for (let i = 0; i < x.length; i++) x[i] = ((i * 7919 + Math.floor(i / COLUMNS) * 104729) % 2048 - 1024) / 1024;
  for (let i = 0; i < ROWS; i++) y[i * CLASSES + (i * i + Math.floor(i / 7)) % CLASSES] = 1;
  return { x, y };
}

export async function golden(options) {
  const t = await load(options);
  const { dense, dropout } = t.layers;
  const model = t.sequential({
    seed: 20240607,
    layers: [
      dense({ units: 37, activation: 'tanh', inputShape: [COLUMNS], kernelInitializer: 'heNormal', kernelRegularizer: t.regularizers.l2({ l2: 0.001 }) }),
      dropout({ rate: 0.25 }),
      dense({ units: 19, activation: 'gelu', kernelInitializer: 'leCunNormal' }),
      dense({ units: 11, activation: 'swish', kernelInitializer: 'glorotNormal', kernelRegularizer: t.regularizers.l1({ l1: 0.0005 }) }),
      dropout({ rate: 0.1 }),
      dense({ units: CLASSES, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: t.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const { x, y } = data();
  await model.fit(t.tensor(x, [ROWS, COLUMNS]), t.tensor(y, [ROWS, CLASSES]), { epochs: 6, batchSize: 32 });
  const result = { digest: await model.digest(), simd: t.capabilities().simd, kernels: t.capabilities().kernels };
  t.terminate();
  return result;
}
