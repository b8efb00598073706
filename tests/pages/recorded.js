import { load } from '/deep/site/terrarium.js';

/**
 * digests trains small networks whose operations the kernel module does as one program,
 * in whole and in part, and returns the digests of their weights and of predictions.
 */
export async function digests(options) {
  const t = await load({ worker: false, ...options });
  const { dense, dropout, flatten, activation } = t.layers;
  const rows = 75, x = new Float32Array(rows * 12).map((_, i) => Math.fround(((i * 7919) % 997) / 400 - 1));
  const classes = (n) => Float32Array.from({ length: rows }, (_, i) => (i * i + (x[i * 12] > 0)) % n);
  const oneHot = (n) => classes(n).reduce((y, c, i) => (y[i * n + c] = 1, y), new Float32Array(rows * n));
  const networks = [
    ['categoricalCrossentropy', oneHot(10), [rows, 10], [dense({ units: 70, activation: 'relu' }), dense({ units: 10, activation: 'softmax' })]],
    ['sparseCategoricalCrossentropy', classes(3), [rows], [dense({ units: 17, activation: 'tanh' }), dense({ units: 3, activation: 'softmax' })]],
    ['binaryCrossentropy', classes(2), [rows, 1], [dense({ units: 20, activation: 'sigmoid' }), dense({ units: 1, activation: 'sigmoid' })]],
    ['binaryCrossentropy', oneHot(4), [rows, 4], [dense({ units: 9, activation: 'elu' }), dropout({ rate: 0.25 }), dense({ units: 4, activation: 'sigmoid' })]],
    ['meanSquaredError', classes(5), [rows, 1], [flatten(), dense({ units: 8, useBias: false }), activation({ activation: 'relu' }), dense({ units: 1 })]],
  ];
  const all = [];
  for (const [loss, y, shape, [first, ...rest]] of networks) {
    const inputShape = first.className === 'Flatten' ? [3, 4] : [12];
    const model = t.sequential({ seed: 7, layers: [{ ...first, config: { ...first.config, inputShape } }, ...rest] });
    await model.compile({ optimizer: 'adam', loss });
    const inputs = t.tensor(x, [rows, ...inputShape]);
    const { history } = await model.fit(inputs, t.tensor(y, shape), { epochs: 4, batchSize: 32 });
    const out = new Float32Array(shape[1] ?? 3);
    const row = (at, times = 1) => {
      for (let i = 0; i < times; i++) model.predictSync(x.subarray(at, at + 12), out);
      return [...out];
    };
    const once = row(0), often = row(0, 300); // by then the weights lie in panels
    await model.fit(inputs, t.tensor(y, shape), { epochs: 1, batchSize: 32 });
    const trained = row(0), another = row(24, 300);
    const predicted = (await model.predict(inputs)).data;
    if (String(once) !== String(often)) throw new Error(`${loss}: ${once} became ${often}`);
    if (String(once) === String(trained)) throw new Error(`${loss}: the weights of before`);
    all.push([await model.digest(), ...history.loss, ...once, ...trained, ...another, ...predicted]);
  }
  return JSON.stringify(all);
}
