// Terrarium as its users have it: training in the worker, whole epochs a call, the
// crossing included; prediction in an instance on the page's thread, without one,
// unless options.worker asks for it.
import { load } from '../../site/terrarium.js';

export async function create({ worker = false, simd = 'auto' }, kind) {
  const t = await load({ simd, worker: worker || kind === 'train' || kind === 'memory' });

  async function open(widths, layers) {
    const model = t.sequential({
      seed: 1,
      layers: widths.slice(1).map((units, i) => t.layers.dense({
        units,
        activation: i < widths.length - 2 ? 'relu' : units > 1 ? 'softmax' : 'sigmoid',
        ...(i === 0 && { inputShape: [widths[0]] }),
      })),
    });
    await model.setWeights(layers.flatMap(({ shape, kernel, bias }) => [t.tensor(kernel, shape), t.tensor(bias)]));
    return model;
  }

  /** direct runs a model of either kind of engine, into an array that stays. */
  function direct(model, width, outputs) {
    if (worker) return async (x) => (await model.predict(t.tensor(x, [x.length / width, width]))).data;
    return (x) => {
      model.predictSync(x, outputs);
      return outputs;
    };
  }

  async function trainer(widths, layers, { rows, x, y }, batch, { learningRate, beta1, beta2, epsilon }) {
    const model = await open(widths, layers);
    const loss = widths.at(-1) > 1 ? 'categoricalCrossentropy' : 'binaryCrossentropy';
    await model.compile({ optimizer: t.train.adam(learningRate, beta1, beta2, epsilon), loss });
    const inputs = t.tensor(x, [rows, widths[0]]), truth = t.tensor(y, [rows, widths.at(-1)]);
    return {
      fit: (epochs) => model.fit(inputs, truth, { epochs, batchSize: batch, shuffle: false }),
      loss: async () => (await model.evaluate(inputs, truth, { batchSize: 256 })).loss,
    };
  }

  return {
    ...(!worker && { trainer }), // which is in a worker in any case
    lacks: { trainer: 'the same as without options.worker' },

    async predictor(widths, layers, rows) {
      const model = await open(widths, layers);
      return { run: direct(model, widths[0], new Float32Array(rows * widths.at(-1))) };
    },

    // A dense layer without a bias is a product: a is its input, b its kernel.
    async gemm(n, a, b) {
      const model = t.sequential({ seed: 1, layers: [t.layers.dense({ units: n, useBias: false, inputShape: [n] })] });
      await model.setWeights([t.tensor(b, [n, n])]);
      const out = new Float32Array(n * n), run = direct(model, n, out);
      return { run: () => run(a), product: () => run(a) };
    },
  };
}
