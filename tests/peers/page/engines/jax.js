// jax-js on its WebAssembly device. A step is one compiled function: loss, gradients
// and Adam's update together. Arrays are counted references: a function uses up what
// it is given, and .ref gives it one more.
import { cut, inBatches, mean } from '../data.js';
import { npm } from '../script.js';

export async function create({ threads = 1 }) {
  // It takes its pool of workers wherever memory can be shared. One thread: there is none to share.
  if (threads === 1) delete globalThis.SharedArrayBuffer;
  const { blockUntilReady, defaultDevice, init, jit, nn, numpy: np, tree, valueAndGrad } = await import(npm('@jax-js/jax/dist/index.js'));
  await init('wasm');
  defaultDevice('wasm');
  const array = (data, shape) => np.array(data, { shape, dtype: np.float32 });
  const matrix = (data, from, to, width) => array(data.slice(from * width, to * width), [to - from, width]);
  const read = (a) => (threads > 1 ? a.data() : a.dataSync());

  const params = (layers) => layers.map(({ shape, kernel, bias }) => [array(kernel.slice(), shape), array(bias.slice(), bias.length ? [bias.length] : [])]);
  const logits = (layers, x) => layers.reduce((y, [kernel, bias], i) => {
    const z = np.matmul(y, kernel).add(bias);
    return i < layers.length - 1 ? nn.relu(z) : z;
  }, x);

  return {
    threads: threads > 1 ? navigator.hardwareConcurrency : 1,

    trainer(widths, layers, { rows, x, y }, batch, { learningRate, beta1, beta2, epsilon }) {
      const outputs = widths.at(-1);
      const loss = (p, input, truth) => {
        const scale = 1 / input.shape[0], z = logits(p, input);
        return outputs > 1
          ? nn.logSoftmax(z, -1).mul(truth).sum().mul(-scale)
          : nn.softplus(z.ref).sub(z.mul(truth)).sum().mul(scale); // log(1 + e^z) - z·y
      };
      const slopes = valueAndGrad(loss);
      const update = jit((p, m, v, c1, c2, input, truth) => {
        const [value, g] = slopes(tree.ref(p), input, truth);
        const next = [[], [], []];
        p.forEach((pair, l) => {
          next.forEach((list) => list.push([]));
          pair.forEach((weight, i) => {
            const mean1 = m[l][i].mul(beta1).add(g[l][i].ref.mul(1 - beta1));
            const mean2 = v[l][i].mul(beta2).add(np.square(g[l][i]).mul(1 - beta2));
            const last = l === p.length - 1 && i === pair.length - 1;
            const size = np.sqrt(mean2.ref.mul(last ? c2 : c2.ref)).add(epsilon);
            next[0][l].push(weight.sub(mean1.ref.mul(last ? c1 : c1.ref).mul(learningRate).div(size)));
            next[1][l].push(mean1);
            next[2][l].push(mean2);
          });
        });
        return [...next, value];
      });
      let p = params(layers), steps = 0;
      const zeros = () => p.map((pair) => pair.map((a) => np.zeros(a.shape)));
      let m = zeros(), v = zeros();
      const part = (from, to) => [matrix(x, from, to, widths[0]), matrix(y, from, to, outputs)];
      const compiled = jit(loss);
      const step = (from, to) => {
        steps++;
        const c1 = array(Float32Array.of(1 / (1 - beta1 ** steps)), []), c2 = array(Float32Array.of(1 / (1 - beta2 ** steps)), []);
        let value;
        [p, m, v, value] = update(p, m, v, c1, c2, ...part(from, to));
        if (threads === 1) return void value.dataSync(); // computes, and drops, the value
        value.dispose();
        return steps % 8 ? undefined : blockUntilReady([p, m, v]); // or the pool's queue grows
      };
      return {
        async fit(epochs) {
          await inBatches(epochs, rows, batch, step);
          if (threads > 1) await blockUntilReady([p, m, v]);
          else for (const a of tree.leaves([p, m, v])) a.ref.dataSync();
        },
        loss: () => mean(rows, async (from, to) => (await read(compiled(tree.ref(p), ...part(from, to))))[0]),
      };
    },

    predictor(widths, layers, rows) {
      const p = params(layers), forward = jit((own, x) => nn.softmax(logits(own, x), -1));
      return { run: (x) => read(forward(tree.ref(p), array(x, [rows, widths[0]]))) };
    },

    gemm(n, a, b) {
      const left = array(a, [n, n]), right = array(b, [n, n]);
      const product = () => np.matmul(left.ref, right.ref);
      const run = threads > 1
        ? async () => { const c = product(); await blockUntilReady(c); c.dispose(); }
        : () => { product().dataSync(); };
      return { run, product: () => read(product()) };
    },
  };
}
