// What is large and needed late: a page fetches it when the reader comes to the explorable.

/**
 * Calls `arrived(value)` with a large trait of the model: at once, where it came with the state, as
 * it does from a kernel; on the page once the explorable is nearly in sight, or in a hand. Calls
 * `arrived(null)` where it cannot be had. Returns what stops the waiting.
 */
export function large(model, name, root, arrived) {
  const here = model.get(name);
  if (here !== undefined || !model.bring) {
    arrived(here ?? null);
    return () => {};
  }
  const events = ["pointerdown", "focusin"];
  const forget = () => {
    watch.disconnect();
    for (const event of events) root.removeEventListener(event, bring);
  };
  const bring = () => {
    forget();
    model.bring(name).then(arrived, () => arrived(null));
  };
  const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && bring(), {
    rootMargin: "200px 0px",
  });
  watch.observe(root);
  for (const event of events) root.addEventListener(event, bring);
  return forget;
}
