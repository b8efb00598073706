// The models and the data of core/train's golden tests, through the JavaScript
// face. One seed, one digest: here as natively.
import { load } from '/deep/site/terrarium.js';

const ROWS = 150, COLUMNS = 300, CLASSES = 3;

function data() {
  const x = new Float32Array(ROWS * COLUMNS), y = new Float32Array(ROWS * CLASSES);
  for (let i = 0; i < x.length; i++) x[i] = ((i * 7919 + Math.floor(i / COLUMNS) * 104729) % 2048 - 1024) / 1024;
  for (let i = 0; i < ROWS; i++) y[i * CLASSES + (i * i + Math.floor(i / 7)) % CLASSES] = 1;
  return { x, y };
}

/** The model of golden_hash_test.go. */
export const golden = (options) => train(options, [COLUMNS], (t) => {
  const { dense, dropout } = t.layers;
  return [
    dense({ units: 37, activation: 'tanh', inputShape: [COLUMNS], kernelInitializer: 'heNormal', kernelRegularizer: t.regularizers.l2({ l2: 0.001 }) }),
    dropout({ rate: 0.25 }),
    dense({ units: 19, activation: 'gelu', kernelInitializer: 'leCunNormal' }),
    dense({ units: 11, activation: 'swish', kernelInitializer: 'glorotNormal', kernelRegularizer: t.regularizers.l1({ l1: 0.0005 }) }),
    dropout({ rate: 0.1 }),
    dense({ units: CLASSES, activation: 'softmax' }),
  ];
});

/** The model of golden_conv_test.go. */
export const goldenConv = (options) => train(options, [10, 10, 3], (t) => {
  const { conv2d, conv2dTranspose, depthwiseConv2d, separableConv2d, maxPooling2d, flatten, dense } = t.layers;
  return [
    conv2d({ filters: 9, kernelSize: [5, 6], padding: 'same', activation: 'relu', inputShape: [10, 10, 3] }),
    maxPooling2d({}),
    separableConv2d({ filters: 12, kernelSize: 3, depthMultiplier: 2, padding: 'same', activation: 'tanh' }),
    conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
    conv2d({ filters: 33, kernelSize: 3, dilationRate: 2, strides: [1, 2], activation: 'relu', kernelInitializer: 'heNormal' }),
    depthwiseConv2d({ kernelSize: 2, activation: 'sigmoid' }),
    flatten(),
    dense({ units: CLASSES, activation: 'softmax' }),
  ];
});

/** The models of golden_recurrent_test.go. */
export const goldenRecurrent = (options) => train(options, [25, 12], (t) => {
  const { lstm, gru, bidirectional, timeDistributed, simpleRNN, dense } = t.layers;
  return [
    lstm({ units: 11, returnSequences: true, dropout: 0.1, recurrentDropout: 0.1, inputShape: [25, 12] }),
    bidirectional({ layer: gru({ units: 6, returnSequences: true }) }),
    timeDistributed({ layer: dense({ units: 7, activation: 'tanh' }) }),
    simpleRNN({ units: 9 }),
    dense({ units: CLASSES, activation: 'softmax' }),
  ];
});

export const goldenTransformer = (options) => train(options, [25, 12], (t) => {
  const { dense, positionEmbedding, transformerBlock, batchNormalization, layerNormalization, globalAveragePooling1d } = t.layers;
  return [
    dense({ units: 16, inputShape: [25, 12] }),
    positionEmbedding({ sequenceLength: 25 }),
    transformerBlock({ numHeads: 4, useCausalMask: true, dropout: 0.1 }),
    batchNormalization(),
    transformerBlock({ numHeads: 2 }),
    layerNormalization(),
    globalAveragePooling1d(),
    dense({ units: CLASSES, activation: 'softmax' }),
  ];
});

async function train(options, shape, layers) {
  const t = await load(options);
  const model = t.sequential({ seed: 20240607, layers: layers(t) });
  model.compile({ optimizer: t.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const { x, y } = data();
  await model.fit(t.tensor(x, [ROWS, ...shape]), t.tensor(y, [ROWS, CLASSES]), { epochs: 6, batchSize: 32 });
  const result = { digest: await model.digest(), simd: t.capabilities().simd, kernels: t.capabilities().kernels };
  t.terminate();
  return result;
}
