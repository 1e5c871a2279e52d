/* Suggestions under the search box: an editable combobox with a listbox
   (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). The form works without. */

const PAUSE = 120; // milliseconds after the last key
const FEWEST = 2; // letters
let timer = 0;
let request = new AbortController();
let active = null; // the option that Enter follows

/* Looked up each time: navigation may have swapped them. */
const box = () => document.getElementById("q");
const list = () => document.getElementById("suggestions");
const options = () => [...list().querySelectorAll("[role=option]")];

function activate(option) {
  active?.setAttribute("aria-selected", false);
  active = option;
  active?.setAttribute("aria-selected", true);
  active?.scrollIntoView({ block: "nearest" });
  if (active) box().setAttribute("aria-activedescendant", active.id);
  else box().removeAttribute("aria-activedescendant");
}

function show(open) {
  activate(null);
  list().hidden = !open;
  box().setAttribute("aria-expanded", open);
}

function stop() {
  clearTimeout(timer);
  request.abort();
}

function close() {
  stop();
  show(false);
}

function prepare() {
  stop();
  if (!box()) return;
  box().type = "text"; // a search field may not be a combobox, ARIA in HTML
  box().setAttribute("role", "combobox");
  box().setAttribute("aria-autocomplete", "list");
  box().setAttribute("aria-controls", "suggestions");
  show(false);
}

async function fetchSuggestions() {
  request = new AbortController();
  const { signal } = request;
  try {
    const response = await fetch(`${list().dataset.from}?${new URLSearchParams({ q: box().value })}`, { signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (signal.aborted || !response.ok) return;
    list().replaceChildren(...page.body.children);
  } catch {
    return; // aborted, or unreachable
  }
  const count = options().length;
  show(count > 0);
  document.getElementById("status").textContent = `${count || "No"} suggestion${count === 1 ? "" : "s"}`;
}

function onInput({ target }) {
  if (target !== box()) return;
  stop(); // a response to the former text would be late
  activate(null);
  if (target.value.trim().length < FEWEST) close();
  else timer = setTimeout(fetchSuggestions, PAUSE);
}

function step(by) {
  if (list().hidden) show(options().length > 0);
  const stops = [null, ...options()];
  activate(stops.at((stops.indexOf(active) + by) % stops.length));
}

function onKey(event) {
  const { key } = event;
  if (event.target !== box() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "ArrowDown") step(1);
  else if (key === "ArrowUp") step(-1);
  else if (key === "Escape" && !list().hidden) close();
  else if (key === "Enter" && active) active.click();
  else {
    if (key === "Enter") close();
    else if (/^(Home|End|Arrow)/.test(key)) activate(null); // the caret moves
    return;
  }
  event.preventDefault();
}

document.addEventListener("input", onInput);
document.addEventListener("keydown", onKey);
document.addEventListener("focusout", ({ target }) => { if (target === box()) close(); });
// Without focus in the box the list would close before the click.
document.addEventListener("mousedown", (event) => { if (event.target.closest("#suggestions")) event.preventDefault(); });
document.addEventListener("page:shown", prepare);
prepare();
