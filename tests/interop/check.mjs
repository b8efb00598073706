// check.mjs FOLDER opens FOLDER/model.json with TensorFlow.js and FOLDER/model.onnx with
// ONNX Runtime, predicts FOLDER/inputs.json and prints, as one line of JSON, what each
// said or why it could not. Its packages lie in the folder named by NPM.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , folder] = process.argv;
const require = createRequire(join(process.env.NPM, 'package.json'));
const inputs = JSON.parse(await readFile(join(folder, 'inputs.json')));
console.warn = console.info = () => {}; // TensorFlow.js greets

async function tensorflow() {
  const tf = require('@tensorflow/tfjs');
  await tf.setBackend('cpu');
  const { modelTopology, weightsManifest, trainingConfig } = JSON.parse(await readFile(join(folder, 'model.json')));
  const [{ weights, paths }] = weightsManifest;
  const bytes = await readFile(join(folder, paths[0]));
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData, trainingConfig }));
  const out = model.predict(inputs.map(({ shape, data }) => tf.tensor(data, shape)));
  return Promise.all([out].flat().map((t) => t.data().then((d) => [...d])));
}

async function onnx() {
  const ort = require('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const session = await ort.InferenceSession.create(new Uint8Array(await readFile(join(folder, 'model.onnx'))), { executionProviders: ['wasm'] });
  const feeds = Object.fromEntries(session.inputNames.map((name, i) => [name, new ort.Tensor('float32', Float32Array.from(inputs[i].data), inputs[i].shape)]));
  const out = await session.run(feeds);
  return session.outputNames.map((name) => [...out[name].data]);
}

const answer = {};
for (const [name, run] of Object.entries({ tensorflow, onnx })) {
  try { answer[name] = { outputs: await run() }; } catch (error) { answer[name] = { failed: String(error.message ?? error) }; }
}
console.log(JSON.stringify(answer));
process.exit(0);
