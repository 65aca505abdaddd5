// Mounts one anywidget of a static page, as soon as the parser has passed it: no manager, no kernel.
// An anywidget's module is { render({ model, el }) }; this is the model, made from the stored state.
(() => {
  const models = new Map();

  function makeModel(state, place) {
    const values = { ...state };
    const callbacks = new Map();
    const listeners = (event) => {
      if (!callbacks.has(event)) callbacks.set(event, new Set());
      return callbacks.get(event);
    };
    const emit = (event, ...details) => [...listeners(event)].forEach((call) => call(...details));
    const model = {
      get: (name) => values[name],
      set(name, value) {
        if (typeof name === "object") {
          Object.entries(name).forEach(([key, one]) => model.set(key, one));
          return;
        }
        if (values[name] === value) return;
        values[name] = value;
        emit("change:" + name, model, value);
        emit("change", model);
      },
      on: (event, call) => event.split(" ").forEach((one) => listeners(one).add(call)),
      off: (event, call) => (call ? listeners(event).delete(call) : callbacks.delete(event)),
      // A large trait, `_large_model`, is not in the state: it is asked for when it is needed.
      bring: (name) =>
        value(place.dataset[name.replace(/^_large_(.)/, (_, first) => `large${first.toUpperCase()}`)]),
      save_changes() {},
      send() {},
    };
    return model;
  }

  // A script has run, and has left what it brings on its own element.
  async function run(src) {
    const script = document.createElement("script");
    await new Promise((resolve, reject) => {
      Object.assign(script, { src, onload: resolve, onerror: reject });
      document.head.append(script);
    });
    return script;
  }

  const values = new Map(); // of large traits, each fetched once
  function value(src) {
    if (!values.has(src))
      values.set(
        src,
        run(src).then((script) => script.value),
      );
    return values.get(src);
  }

  // Browsers refuse to import from the disk, but run scripts: there a script brings the module's text.
  async function load(place) {
    if (location.protocol !== "file:") return import(new URL(place.dataset.module, document.baseURI).href);
    const { module } = await run(place.dataset.disk);
    return import("data:text/javascript;charset=utf-8," + encodeURIComponent(module));
  }

  // A place is as high as what it holds, and says so: it is then laid out by itself, and a number
  // that changes in an explorable leaves the long page around it as it stands.
  const heights = new ResizeObserver((entries) => {
    for (const { target, borderBoxSize } of entries) {
      target.parentElement.style.height = `${borderBoxSize[0].blockSize}px`;
      target.parentElement.style.contain = "size layout style";
    }
  });

  async function mount(place, state) {
    const widget = await load(place);
    const behaviour =
      typeof widget.default === "function" ? await widget.default() : (widget.default ?? widget);
    const id = place.dataset.model;
    if (!models.has(id)) {
      models.set(id, makeModel(state, place));
      if (behaviour.initialize) await behaviour.initialize({ model: models.get(id) });
    }
    const el = document.createElement("div");
    await behaviour.render({ model: models.get(id), el });
    place.replaceChildren(el);
    place.dataset.state = "alive";
    heights.observe(el);
  }

  function apologise(place, error) {
    // Where scripts run, what stands in a noscript is markup that nobody has read.
    place.innerHTML = place.querySelector("noscript").textContent;
    place.dataset.state = "failed";
    console.error("A widget could not be shown:", error);
  }

  // Called by the script that follows the place and its state.
  window.rnnMount = (script) => {
    const stored = script.previousElementSibling;
    const place = stored.previousElementSibling;
    mount(place, JSON.parse(stored.textContent)).catch((error) => apologise(place, error));
  };
})();
