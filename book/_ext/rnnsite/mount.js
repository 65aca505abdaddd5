// Mounts one anywidget of a static page, as soon as the parser has passed it: no manager, no kernel.
// An anywidget's module is { render({ model, el }) }; this is the model, made from the stored state.
(() => {
  const models = new Map();

  function makeModel(state) {
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
      save_changes() {},
      send() {},
    };
    return model;
  }

  async function mount(place, state) {
    const widget = await import(new URL(place.dataset.module, document.baseURI).href);
    const behaviour =
      typeof widget.default === "function" ? await widget.default() : widget.default ?? widget;
    const id = place.dataset.model;
    if (!models.has(id)) {
      models.set(id, makeModel(state));
      if (behaviour.initialize) await behaviour.initialize({ model: models.get(id) });
    }
    const el = document.createElement("div");
    await behaviour.render({ model: models.get(id), el });
    place.replaceChildren(el);
    place.dataset.state = "alive";
  }

  function apologise(place, error) {
    const text = document.createElement("p");
    text.className = "rnn-widget-text";
    text.textContent = place.querySelector("noscript").textContent.trim();
    if (location.protocol === "file:")
      text.append(" (Browsers refuse modules from the disk: `make serve` shows this one moving.)");
    place.replaceChildren(text);
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
