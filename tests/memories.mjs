/** From now on, the memory of every WebAssembly instance that starts. The name of the export is not looked at: builds differ. */
export function watchMemories() {
  const found = [];
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, args) {
      const instance = Reflect.construct(target, args);
      found.push(...Object.values(instance.exports).filter((one) => one instanceof WebAssembly.Memory));
      return instance;
    },
  });
  return found;
}
