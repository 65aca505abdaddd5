// What every page of the book does beyond the theme: three small things, none of them needed to read.

// 1. Pointing at a quantity, or focusing it, lights the same quantity everywhere on the page.
(() => {
  const keyOf = (target) => {
    const place = target.closest?.("[class*='q-']");
    const name = place && [...place.classList].find((one) => /^q-./.test(one));
    return name?.slice(2);
  };
  const light = (key) => {
    document.querySelectorAll(".rnn-lit").forEach((one) => one.classList.remove("rnn-lit"));
    if (key) document.querySelectorAll(".q-" + key).forEach((one) => one.classList.add("rnn-lit"));
  };
  for (const event of ["pointerover", "focusin"])
    document.addEventListener(event, ({ target }) => light(keyOf(target)));
  document.addEventListener("focusout", () => light(null));
})();

// 2. What scrolls can be reached by keyboard, and only what scrolls: no idle tab stops.
(() => {
  const scrollers = document.querySelectorAll(
    ".rnn-scroll, .rnn-table, .pst-scrollable-table-container, article pre, .cell_output .output, " +
      "dl.py span.math",
  );
  const check = (place) => {
    const style = getComputedStyle(place);
    const can = (axis) => ["auto", "scroll"].includes(style["overflow" + axis]);
    const sideways = can("X") && place.scrollWidth > place.clientWidth;
    const down = can("Y") && place.scrollHeight > place.clientHeight;
    if (sideways || down) place.tabIndex = 0;
    else place.removeAttribute("tabindex");
  };
  const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => check(target)));
  scrollers.forEach((place) => watch.observe(place));
  document.fonts?.addEventListener("loadingdone", () => scrollers.forEach(check));
})();

// 3. A link into a fold opens the fold.
(() => {
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = target && target.closest("details");
    if (fold && !fold.open) {
      fold.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
