/**
 * instantiate is WebAssembly.instantiate of a Go program, with its kernel module: the
 * loops that core/internal/wasmgen writes, which work in the program's own memory. That
 * is made here, for both (site/build/finish.go), so that the program imports the loops
 * themselves: no JavaScript stands between them.
 *
 * kernels, a compiled kernels.wasm, may be missing or of another version: the program then
 * uses its own loops. A program without vector instructions imports nothing of this.
 *
 * The function's text also goes into workers: it may use nothing from outside itself.
 */
export async function instantiate(program, imports, kernels) {
  const [pages] = WebAssembly.Module.customSections(program, 'pages');
  if (!pages) return WebAssembly.instantiate(program, imports);
  const memory = new WebAssembly.Memory({ initial: new DataView(pages).getUint32(0, true) });
  const link = (loops) => WebAssembly.instantiate(program, { ...imports, terrarium: { ...loops, memory } });
  if (kernels) {
    try {
      const { exports } = await WebAssembly.instantiate(kernels, { env: { memory } });
      return await link({ ...exports, version: () => exports.version.value });
    } catch (error) {
      console.warn(`Terrarium goes on without its kernel module: ${error.message}`);
    }
  }
  // None of these is called but version, which says that there are none.
  const wanted = WebAssembly.Module.imports(program).filter(({ module, kind }) => module === 'terrarium' && kind === 'function');
  return link(Object.fromEntries(wanted.map(({ name }) => [name, () => 0])));
}
