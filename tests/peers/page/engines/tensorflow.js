// TensorFlow.js. To predict, its core and one back end are enough, and less to load; the
// gradients come with the whole library alone. Training is the core's own loop, which has
// less to do a step than tf.layers.
import { cut, inBatches, mean } from '../data.js';
import { npm, script } from '../script.js';

/** backend loads and starts one: "cpu", or "wasm" with or without vectors and threads. */
async function backend(name, { simd = true, threads = 1 }, trains) {
  await script(npm(trains ? '@tensorflow/tfjs/dist/tf.min.js' : '@tensorflow/tfjs-core/dist/tf-core.min.js'));
  if (name === 'wasm' || !trains) await script(npm(`@tensorflow/tfjs-backend-${name}/dist/tf-backend-${name}.min.js`));
  const { tf } = globalThis;
  if (name === 'wasm') {
    tf.wasm.setWasmPaths(npm('@tensorflow/tfjs-backend-wasm/dist/'));
    tf.env().set('WASM_HAS_SIMD_SUPPORT', simd);
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', threads > 1);
    if (threads > 1) {
      tf.wasm.setThreadsCount(threads);
      // It takes at most half of the processors it sees: to get two, it has to see four.
      Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 * threads, configurable: true });
    }
  }
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} back end does not start`);
  await tf.ready();
  delete navigator.hardwareConcurrency;
  tf.enableProdMode();
  return tf;
}

export async function create(options, kind) {
  const tf = await backend(options.backend, options, kind === 'train' || kind === 'memory');
  const matrix = (data, width) => tf.tensor2d(data, [data.length / width, width]);

  const logits = (x, variables) => variables.reduce((y, { kernel, bias }, i) => {
    const z = tf.add(tf.matMul(y, kernel), bias);
    return i < variables.length - 1 ? tf.relu(z) : z;
  }, x);

  return {
    threads: options.threads > 1 ? tf.wasm.getThreadsCount() : 1,

    trainer(widths, layers, { rows, x, y }, batch, { learningRate, beta1, beta2, epsilon }) {
      const variables = layers.map(({ shape, kernel, bias }) => ({ kernel: tf.variable(tf.tensor2d(kernel, shape)), bias: tf.variable(tf.tensor1d(bias)) }));
      const all = variables.flatMap(({ kernel, bias }) => [kernel, bias]);
      const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
      const outputs = widths.at(-1);
      // Batches are cut here: tf.slice would copy the whole set out of the back end first.
      const loss = (from, to) => {
        const truth = matrix(cut(y, outputs, from, to), outputs), z = logits(matrix(cut(x, widths[0], from, to), widths[0]), variables);
        return outputs > 1 ? tf.losses.softmaxCrossEntropy(truth, z) : tf.losses.sigmoidCrossEntropy(truth, z);
      };
      return {
        fit: (epochs) => inBatches(epochs, rows, batch, (from, to) => { tf.tidy(() => { optimizer.minimize(() => loss(from, to), false, all); }); }),
        loss: () => mean(rows, (from, to) => tf.tidy(() => loss(from, to).dataSync()[0])),
      };
    },

    predictor(widths, layers) {
      const own = layers.map(({ shape, kernel, bias }) => ({ kernel: tf.tensor2d(kernel, shape), bias: tf.tensor1d(bias) }));
      const forward = (x) => own.reduce((y, { kernel, bias }, i) => tf.fused.matMul({ // product, bias and activation in one
        a: y, b: kernel, bias, activation: i < own.length - 1 ? 'relu' : 'linear',
      }), x);
      return { run: (x) => tf.tidy(() => tf.softmax(forward(matrix(x, widths[0]))).dataSync()) };
    },

    // Both factors lie in the back end, and the product stays there.
    gemm(n, a, b) {
      const left = matrix(a, n), right = matrix(b, n);
      return { run: () => { tf.matMul(left, right).dispose(); }, product: () => tf.tidy(() => tf.matMul(left, right).dataSync()) };
    },
  };
}
