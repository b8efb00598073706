// ONNX Runtime Web: its build for processors alone, on models that the page writes.
import * as onnx from '../onnx.js';
import { npm } from '../script.js';

const DIST = 'onnxruntime-web/dist/';

export async function create({ threads = 1 }) {
  const { env, InferenceSession, Tensor } = await import(npm(`${DIST}ort.wasm.min.mjs`));
  env.wasm.numThreads = threads;
  env.wasm.wasmPaths = npm(DIST);
  env.logLevel = 'error';

  async function runner(bytes, width) {
    const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] });
    return async (x) => (await session.run({ x: new Tensor('float32', x, [x.length / width, width]) })).y.data;
  }

  return {
    threads: env.wasm.numThreads,
    lacks: { trainer: 'inference only' },
    predictor: async (widths, layers) => ({ run: await runner(onnx.network(widths, layers), widths[0]) }),

    // The right factor is a constant, as our kernel is; the left one and the product cross every time.
    async gemm(n, a, b) {
      const run = await runner(onnx.product(n, b), n);
      return { run: () => run(a), product: () => run(a) };
    },
  };
}
