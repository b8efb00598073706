// Data and weights, made anew by every page from fixed seeds: all engines get the same.

/** random is a generator of numbers in [0, 1): PCG with 32 bits of state (O'Neill, 2014). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 747796405) + 2891336453) >>> 0;
    const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737) >>> 0;
    return (((word >>> 22) ^ word) >>> 0) / 2 ** 32;
  };
}

/** uniform fills an array with numbers in [-limit, limit). */
export function uniform(seed, length, limit = 1) {
  const next = random(seed);
  return new Float32Array(length).map(() => (2 * next() - 1) * limit);
}

/** weights of dense layers of these widths, kernels [in, out] with Glorot's limit (2010). */
export function weights(widths) {
  return widths.slice(1).map((units, i) => ({
    shape: [widths[i], units],
    kernel: uniform(100 + i, widths[i] * units, Math.sqrt(6 / (widths[i] + units))),
    bias: new Float32Array(units),
  }));
}

/** samples for a network of these widths: classes if it has several outputs, else yes or no. */
export function samples(widths, rows) {
  const inputs = widths[0], outputs = widths.at(-1);
  return outputs > 1 ? pictures(rows, inputs, outputs) : answers(rows, inputs);
}

// A tenth of the labels is drawn by lot: a loss that went down to nothing would be the
// same for right and for wrong gradients.
function pictures(rows, pixels, classes) {
  const next = random(1);
  const lit = Array.from({ length: classes * pixels }, () => next() < 0.2);
  const x = new Float32Array(rows * pixels), y = new Float32Array(rows * classes);
  for (let i = 0; i < rows; i++) {
    const shown = Math.floor(next() * classes), gain = 0.5 + 0.4 * next();
    for (let k = 0; k < pixels; k++) {
      const value = (lit[shown * pixels + k] ? gain : 0) + 0.6 * (next() - 0.5);
      x[i * pixels + k] = Math.min(1, Math.max(0, value));
    }
    y[i * classes + (next() < 0.1 ? Math.floor(next() * classes) : shown)] = 1;
  }
  return { rows, x, y };
}

function answers(rows, columns) {
  const next = random(2);
  const slope = Array.from({ length: columns }, () => 2 * next() - 1);
  const x = new Float32Array(rows * columns), y = new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0.5 * (next() - 0.5);
    for (let k = 0; k < columns; k++) {
      const value = 2 * (next() + next() + next() - 1.5); // variance 1
      x[i * columns + k] = value;
      sum += slope[k] * value;
    }
    y[i] = sum + x[i * columns] * x[i * columns + 1] > 0 ? 1 : 0;
  }
  return { rows, x, y };
}

/** cut takes rows [from, to) out of a matrix without copying. */
export const cut = (matrix, width, from, to) => matrix.subarray(from * width, to * width);

/** inBatches calls step(from, to) for every batch of every epoch, in order, and waits where it promises something. */
export async function inBatches(epochs, rows, batch, step) {
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let from = 0; from < rows; from += batch) {
      const done = step(from, Math.min(rows, from + batch));
      if (done instanceof Promise) await done;
    }
  }
}

/** mean of what of(from, to) says about parts of the rows, weighted by their rows. */
export async function mean(rows, of) {
  let sum = 0;
  await inBatches(1, rows, 256, async (from, to) => { sum += (to - from) * await of(from, to); });
  return sum / rows;
}
