// What is right: dense networks in plain loops and double precision. Slow, short, and
// independent of every engine.

const relu = (v) => (v < 0 ? 0 : v);
const sigmoid = (v) => 1 / (1 + Math.exp(-v));

function softmax(row) {
  const most = Math.max(...row);
  const powers = row.map((v) => Math.exp(v - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((v) => v / sum);
}

/** layer returns x·kernel + bias of one row. */
function layer({ shape: [inputs, units], kernel, bias }, x) {
  const z = Float64Array.from(bias);
  for (let k = 0; k < inputs; k++) {
    if (x[k] === 0) continue;
    for (let j = 0, at = k * units; j < units; j++, at++) z[j] += x[k] * kernel[at];
  }
  return z;
}

/** activations of every layer for one row, the row itself first. */
function activations(layers, x, hidden, last) {
  const all = [x];
  for (const [i, l] of layers.entries()) {
    const z = layer(l, all[i]);
    if (i < layers.length - 1) all.push(z.map(hidden));
    else all.push(last ? z.map(last) : z.length > 1 ? softmax(z) : z.map(sigmoid));
  }
  return all;
}

/** predict returns the outputs for all rows. Everything is a sigmoid where an engine has nothing else. */
export function predict(layers, x, { sigmoids = false } = {}) {
  const width = layers[0].shape[0], units = layers.at(-1).shape[1], rows = x.length / width;
  const out = new Float64Array(rows * units);
  for (let i = 0; i < rows; i++) {
    const row = x.subarray(i * width, (i + 1) * width);
    out.set(sigmoids ? activations(layers, row, sigmoid, sigmoid).at(-1) : activations(layers, row, relu).at(-1), i * units);
  }
  return out;
}

const crossEntropy = (y, p) => (y.length > 1
  ? -y.reduce((sum, v, j) => sum + (v && v * Math.log(p[j])), 0)
  : -(y[0] ? Math.log(p[0]) : Math.log(1 - p[0])));

/** loss is the mean cross-entropy of all rows. */
export function loss(layers, { rows, x, y }) {
  const width = layers[0].shape[0], units = layers.at(-1).shape[1];
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const p = activations(layers, x.subarray(i * width, (i + 1) * width), relu).at(-1);
    sum += crossEntropy(y.subarray(i * units, (i + 1) * units), p);
  }
  return sum / rows;
}

/** An Adam (Kingma and Ba, 2015) holds what it knows of every layer. */
export class Adam {
  #options; #step = 0; #slots;

  constructor(layers, options) {
    this.#options = options;
    this.#slots = layers.map(({ kernel, bias }) => [kernel, bias].map((w) => ({
      w, g: new Float64Array(w.length), m: new Float64Array(w.length), v: new Float64Array(w.length),
    })));
  }

  /** step takes the rows' gradients and goes down them. */
  step(layers, x, y) {
    const width = layers[0].shape[0], units = layers.at(-1).shape[1], rows = x.length / width;
    for (let i = 0; i < rows; i++) {
      this.#backward(layers, activations(layers, x.subarray(i * width, (i + 1) * width), relu), y.subarray(i * units, (i + 1) * units));
    }
    const { learningRate, beta1, beta2, epsilon } = this.#options;
    this.#step++;
    const [c1, c2] = [1 - beta1 ** this.#step, 1 - beta2 ** this.#step];
    for (const { w, g, m, v } of this.#slots.flat()) {
      for (let i = 0; i < w.length; i++) {
        const slope = g[i] / rows;
        m[i] = beta1 * m[i] + (1 - beta1) * slope;
        v[i] = beta2 * v[i] + (1 - beta2) * slope * slope;
        w[i] -= (learningRate * (m[i] / c1)) / (Math.sqrt(v[i] / c2) + epsilon);
      }
      g.fill(0);
    }
  }

  // Of softmax as of sigmoid, the gradient of cross-entropy before the activation is p - y.
  #backward(layers, all, y) {
    let delta = all.at(-1).map((p, j) => p - y[j]);
    for (let l = layers.length - 1; l >= 0; l--) {
      const { shape: [inputs, units], kernel } = layers[l], [{ g: gk }, { g: gb }] = this.#slots[l], x = all[l];
      for (let j = 0; j < units; j++) gb[j] += delta[j];
      const below = l > 0 && new Float64Array(inputs);
      for (let k = 0; k < inputs; k++) {
        if (x[k] === 0) continue; // nothing flows through, and for the hidden layers relu's slope is 0
        for (let j = 0, at = k * units; j < units; j++, at++) {
          gk[at] += x[k] * delta[j];
          if (below) below[k] += kernel[at] * delta[j];
        }
      }
      delta = below;
    }
  }
}

/** doubles are the layers in double precision. */
export const doubles = (layers) => layers.map(({ shape, kernel, bias }) => ({ shape, kernel: Float64Array.from(kernel), bias: Float64Array.from(bias) }));
