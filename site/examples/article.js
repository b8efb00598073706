// The two programs of the mission's founding article, through terrarium.js. Their Go
// twins are the examples of package core/train; a test runs both and compares.
//
// Call them with a loaded engine: keras(await load()).
//
// Each returns what it found, so that a page, or a test, can show it.

/**
 * The Keras program: 100 random rows of three features, a hidden layer of two units,
 * ten epochs of batches of 32; then an evaluation and a prediction.
 */
export async function keras(t) {
  const rows = Array.from({ length: 100 }, () => [Math.random(), Math.random(), Math.random()]);
  const labels = rows.map(() => [Math.random() < 0.5 ? 0 : 1]);
  const x = t.tensor(rows), y = t.tensor(labels);

  const model = t.sequential({ seed: 1, layers: [
    t.layers.flatten({ inputShape: [3] }),
    t.layers.dense({ units: 2, activation: 'relu' }),
    t.layers.dense({ units: 1, activation: 'sigmoid' }),
  ] });
  model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  const { history } = await model.fit(x, y, { epochs: 10, batchSize: 32 });
  const scores = await model.evaluate(x, y);
  const predictions = await model.predict(t.tensor(rows.slice(0, 2)));
  model.dispose();
  return { history, scores, predictions: Array.from(predictions.data) };
}

/**
 * The worked example: a 3-2-1 network of sigmoids, its forward pass, and one update
 * W ← W − α·∂L/∂W of gradient descent on L = ½(y − ŷ)².
 *
 *   hidden  h = σ(x·W₁)           δ₂ = (ŷ − y)·ŷ·(1 − ŷ)          ∂L/∂W₂ = hᵀ·δ₂
 *   output  ŷ = σ(h·W₂)           δ₁ = δ₂·W₂ᵀ ∘ h ∘ (1 − h)       ∂L/∂W₁ = xᵀ·δ₁
 *
 * The mean squared error of one output is twice L, so half of α gives the same update.
 */
export async function backpropagation(t, alpha = 0.5) {
  const sigmoid = { activation: 'sigmoid', useBias: false };
  const model = t.sequential([
    t.layers.dense({ ...sigmoid, name: 'hidden', units: 2, inputShape: [3] }),
    t.layers.dense({ ...sigmoid, name: 'output', units: 1 }),
  ]);
  model.compile({ optimizer: t.train.sgd(alpha / 2), loss: 'meanSquaredError' });
  await model.setWeights([
    t.tensor([[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]]),
    t.tensor([[0.7], [0.8]]),
  ]);
  const x = t.tensor([[1, 0.5, -1]]), y = t.tensor([[1]]);

  const before = (await model.predict(x)).data[0];
  await model.fit(x, y, { epochs: 1, batchSize: 1 });
  const after = (await model.predict(x)).data[0];
  const [w1, w2] = await model.getWeights();
  model.dispose();
  return { before, after, w1: Array.from(w1.data), w2: Array.from(w2.data) };
}
