// The engine's worker, before Go. boot.js puts this behind the texts of Go's support
// file and of instantiate (kernels.js) and starts all as one blob. The first message
// brings the compiled modules; whatever else arrives before Go listens is kept for it.
(() => {
  const early = [];
  const lastWords = [];

  // Go prints why it dies. Keep the end of that: it becomes the reason the page shows.
  const write = globalThis.fs.writeSync;
  const decoder = new TextDecoder();
  globalThis.fs.writeSync = (fd, bytes) => {
    lastWords.push(decoder.decode(bytes));
    if (lastWords.length > 64) lastWords.splice(1, 32); // the first line says most
    return write(fd, bytes);
  };

  const reason = (code) => {
    const said = lastWords.join('').split('\n').find((line) => /^(fatal error|panic|runtime): /.test(line));
    return said ?? `the engine's program ended with code ${code}`;
  };

  let started = false;
  const keep = (event) => {
    event.stopImmediatePropagation();
    if (started) {
      early.push(event.data);
      return;
    }
    started = true;
    start(event.data);
  };

  const lost = (why) => {
    postMessage({ lost: why });
    close();
  };

  // A trap (the stack, the memory, a bug of the compiler) unwinds through whoever
  // called into the program, and leaves it in no state to go on from.
  addEventListener('error', (event) => lost(event.message));

  async function start({ module, kernels }) {
    let code = 0;
    try {
      const go = new Go();
      go.argv = ['terrarium', 'worker'];
      go.exit = (exitCode) => { code = exitCode; };
      const instance = await instantiate(module, go.importObject, kernels);
      const ended = go.run(instance); // returns when Go waits for its first message
      removeEventListener('message', keep);
      for (const data of early) dispatchEvent(new MessageEvent('message', { data }));
      await ended;
      lost(reason(code));
    } catch (error) {
      lost(`${error}`);
    }
  }

  addEventListener('message', keep);
})();
