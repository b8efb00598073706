// Plain loops. No peer: it says what losses are right, and what an empty page costs.
import * as reference from '../reference.js';
import { cut, inBatches } from '../data.js';

export const create = async () => ({
  trainer(widths, layers, data, batch, options) {
    const own = reference.doubles(layers), adam = new reference.Adam(own, options);
    const part = (from, to) => [cut(data.x, widths[0], from, to), cut(data.y, widths.at(-1), from, to)];
    return {
      fit: (epochs) => inBatches(epochs, data.rows, batch, (from, to) => adam.step(own, ...part(from, to))),
      loss: () => reference.loss(own, data),
    };
  },

  predictor: (widths, layers) => ({ run: (x) => reference.predict(layers, x) }),
  lacks: { gemm: 'not what it is for' },
});
