// brain.js 1.6. Another algorithm: an update for every sample, squared error, sigmoids
// in every layer. Its rates stand apart from the others', and so does its loss.
import { cut, inBatches } from '../data.js';
import { npm, script } from '../script.js';

export async function create() {
  await script(npm('brain.js/browser.min.js'));

  function network(widths, layers) {
    const net = new globalThis.brain.NeuralNetwork({ activation: 'sigmoid' });
    net.sizes = [...widths];
    net.initialize();
    layers.forEach(({ shape: [inputs, units], kernel, bias }, l) => { // its arrays have a row a unit
      for (let j = 0; j < units; j++) {
        net.biases[l + 1][j] = bias[j];
        for (let k = 0; k < inputs; k++) net.weights[l + 1][j][k] = kernel[k * units + j];
      }
    });
    return net;
  }

  return {
    lacks: { gemm: 'no products of matrices' },

    trainer(widths, layers, { rows, x, y }, batch) {
      const net = network(widths, layers), units = widths.at(-1);
      const patterns = Array.from({ length: rows }, (_, i) => ({ input: cut(x, widths[0], i, i + 1), output: cut(y, units, i, i + 1) }));
      const error = ({ input, output }) => net.runInput(input).reduce((sum, v, j) => sum + (v - output[j]) ** 2, 0);
      return {
        fit: (epochs) => inBatches(epochs, rows, batch, (from, to) => { for (let i = from; i < to; i++) net.trainPattern(patterns[i]); }),
        loss: () => patterns.reduce((sum, p) => sum + error(p), 0) / rows / units,
      };
    },

    predictor(widths, layers, rows) {
      const net = network(widths, layers), units = widths.at(-1), out = new Float32Array(rows * units);
      return {
        sigmoids: true,
        run(x) {
          for (let i = 0; i < rows; i++) out.set(net.run(cut(x, widths[0], i, i + 1)), i * units);
          return out;
        },
      };
    },
  };
}
