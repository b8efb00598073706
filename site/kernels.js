/**
 * instantiate is WebAssembly.instantiate of a Go program, with its kernel module: the
 * loops that core/internal/wasmgen writes, which work in the program's own memory.
 * The program's imports must exist before its memory does, and the kernel module needs
 * that memory; so the program imports the functions below, each of which passes on to
 * one that is there when the program runs. They have a fixed number of parameters, of
 * plain numbers: a call takes some 20 ns.
 *
 * kernels, a compiled kernels.wasm, may be missing: the program then uses its own. A
 * program without vector instructions imports nothing of this.
 *
 * The function's text also goes into workers: it may use nothing from outside itself.
 */
export async function instantiate(program, imports, kernels) {
  let k = { version: 0 };
  let run, gemm, lstm, lstmGrad, gather, gatherRows, finite, add, sub, mul, scale, addScaled, relu, reluGrad, exp, sigmoid, tanh, sgd, momentum, adam;
  const terrarium = {
    version: () => +k.version,
    run: (n, program) => run(n, program),
    gatherRows: (rows, n, dst, src, which) => gatherRows(rows, n, dst, src, which),
    finite: (n, x) => finite(n, x),
    gemm: (flags, m, n, p, a, lda, b, ldb, bias, c, ldc, space) => gemm(flags, m, n, p, a, lda, b, ldb, bias, c, ldc, space),
    gather: (rows, rowStep, cols, colStep, taps, tapStep, inner, innerStep, run, src, dst) =>
      gather(rows, rowStep, cols, colStep, taps, tapStep, inner, innerStep, run, src, dst),
    lstm: (rows, u, a, before, c, t, h) => lstm(rows, u, a, before, c, t, h),
    lstmGrad: (rows, u, a, before, t, dh, dc) => lstmGrad(rows, u, a, before, t, dh, dc),
    add: (n, dst, a, b) => add(n, dst, a, b),
    sub: (n, dst, a, b) => sub(n, dst, a, b),
    mul: (n, dst, a, b) => mul(n, dst, a, b),
    scale: (n, dst, a, s) => scale(n, dst, a, s),
    addScaled: (n, dst, a, s) => addScaled(n, dst, a, s),
    relu: (n, y, x) => relu(n, y, x),
    reluGrad: (n, dx, dy, y) => reluGrad(n, dx, dy, y),
    exp: (n, y, x) => exp(n, y, x),
    sigmoid: (n, y, x) => sigmoid(n, y, x),
    tanh: (n, y, x) => tanh(n, y, x),
    sgd: (n, p, g, lr) => sgd(n, p, g, lr),
    momentum: (n, p, g, v, lr, mu) => momentum(n, p, g, v, lr, mu),
    adam: (n, p, g, m, v, b1, omb1, b2, omb2, c1, c2, lr, eps) => adam(n, p, g, m, v, b1, omb1, b2, omb2, c1, c2, lr, eps),
  };
  const instance = await WebAssembly.instantiate(program, { ...imports, terrarium });
  if (kernels) {
    try {
      k = (await WebAssembly.instantiate(kernels, { env: { memory: instance.exports.mem } })).exports;
      ({ run, gemm, lstm, lstmGrad, gather, gatherRows, finite, add, sub, mul, scale, addScaled, relu, reluGrad, exp, sigmoid, tanh, sgd, momentum, adam } = k);
    } catch (error) {
      console.warn(`Terrarium goes on without its kernel module: ${error.message}`);
    }
  }
  return instance;
}
