// reference.mjs FOLDER has ONNX Runtime predict FOLDER/NAME.json's x with FOLDER/NAME.onnx
// for each NAME, and writes the answer into NAME.json as y: what core/format/onnx is to
// predict as well. Its packages lie in the folder named by NPM.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , folder] = process.argv;
const ort = createRequire(join(process.env.NPM, 'package.json'))('onnxruntime-web');
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';
for (const file of (await readdir(folder)).filter((name) => name.endsWith('.onnx'))) {
  const path = join(folder, file.replace(/onnx$/, 'json')), { shape, x } = JSON.parse(await readFile(path));
  try {
    const session = await ort.InferenceSession.create(new Uint8Array(await readFile(join(folder, file))), { executionProviders: ['wasm'] });
    const { y } = await session.run({ x: new ort.Tensor('float32', Float32Array.from(x), shape) });
    await writeFile(path, JSON.stringify({ shape, x, y: [...y.data].map(Math.fround) }) + '\n');
  } catch (error) { console.error(`${file}: ${error.message ?? error}`); }
}
process.exit(0);
