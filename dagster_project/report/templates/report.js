// Shows the chosen area and period: puts rendered parts into the page. Nothing is computed or worded here.
"use strict";
const trisam = {
  parts: {},
  receive(area, parts) { this.parts[area] = parts; },
};

(() => {
  const area = document.getElementById("omrade");
  const period = document.getElementById("period");
  const status = document.getElementById("visar");
  const EMPTY = "<p class=\"empty\">Inga uppgifter för valt område och vald period.</p>";

  const load = (code) => new Promise((done, failed) => {
    if (trisam.parts[code]) { done(); return; }
    const script = document.createElement("script");
    script.src = `assets/omrade-${code}.js`;
    script.onload = () => done();
    script.onerror = () => failed(new Error(code));
    document.head.append(script);
  });

  const partFor = (slot) => {
    const own = trisam.parts[area.value];
    const common = trisam.parts.gemensamt;
    switch (slot.dataset.by) {
      case "place": return (own.p[period.value] || {})[slot.dataset.slot];
      case "area": return own.a[slot.dataset.slot];
      case "period": return (common.p[period.value] || {})[slot.dataset.slot];
      default: return null;
    }
  };

  const headingOf = (box) => {
    for (let before = box.previousElementSibling; before; before = before.previousElementSibling) {
      if (/^H[2-4]$/.test(before.tagName)) return before.textContent;
    }
    const heading = box.closest("article, section")?.querySelector("h2, h3");
    return heading ? heading.textContent : "";
  };

  // A table that scrolls sideways must be reachable by keyboard and have a name of its own.
  const markScrollers = () => {
    for (const box of document.querySelectorAll(".scroll")) {
      const wide = box.scrollWidth > box.clientWidth + 1;
      if (wide) {
        const caption = box.querySelector("caption");
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", `Tabell: ${headingOf(box)} ${caption ? caption.textContent : ""}`.trim());
      } else {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    }
  };

  const remember = () => {
    const chosen = new URLSearchParams({ omrade: area.value, period: period.value });
    try {
      history.replaceState(null, "", `?${chosen}${location.hash}`);
    } catch {
      // A browser may refuse this for a page opened from a folder; the choice then lasts as long as the page.
    }
  };

  const show = async () => {
    try {
      await Promise.all([load(area.value), load("gemensamt")]);
    } catch {
      status.textContent = "Uppgifterna för området kunde inte läsas.";
      return;
    }
    for (const slot of document.querySelectorAll("[data-slot]")) {
      if (slot.dataset.by === "nothing") continue;
      const part = partFor(slot);
      const isTable = slot.classList.contains("slot") && !slot.dataset.slot.startsWith("diagram-");
      slot.innerHTML = part || (isTable ? EMPTY : "");
    }
    status.textContent = `${area.selectedOptions[0].text}, ${period.selectedOptions[0].dataset.words}`;
    remember();
    markScrollers();
  };

  const openTarget = () => {
    const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (!target) return;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    target.scrollIntoView();
    if (target.tabIndex === -1) target.focus({ preventScroll: true });
  };

  const has = (select, value) => [...select.options].some((option) => option.value === value);

  if (area && period) {
    const asked = new URLSearchParams(location.search);
    const before = `${area.value} ${period.value}`;
    if (has(area, asked.get("omrade"))) area.value = asked.get("omrade");
    if (has(period, asked.get("period"))) period.value = asked.get("period");
    if (`${area.value} ${period.value}` !== before) show();
    area.addEventListener("change", show);
    period.addEventListener("change", show);
    document.getElementById("val").addEventListener("submit", (event) => event.preventDefault());
  }
  const contents = document.getElementById("innehallet");
  if (contents && window.matchMedia("(max-width: 62rem)").matches) contents.open = false;
  window.addEventListener("hashchange", openTarget);
  window.addEventListener("resize", markScrollers);
  document.addEventListener("toggle", markScrollers, true);
  markScrollers();
  openTarget();
})();
