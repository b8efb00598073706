/** script runs a file that is no module. */
export const script = (url) => new Promise((resolve, reject) => {
  const element = document.createElement('script');
  element.onload = () => resolve();
  element.onerror = () => reject(new Error(`${url} cannot be loaded`));
  element.src = url;
  document.head.append(element);
});

/** npm is the address of a file of an installed package. */
export const npm = (path) => new URL(`../npm/${path}`, import.meta.url).href;
