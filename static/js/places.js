/* Where the reader is in a page: scroll and focus, kept for each entry of the tab's history. */

const STORE = "places";
const MOST = 50;
const FOCUSABLE = "a[href], audio, button, input, select, summary, textarea";
const places = stored();

function stored() {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(STORE)));
  } catch {
    return new Map(); // no storage allowed: this document's memory has to do
  }
}

function store() {
  try {
    sessionStorage.setItem(STORE, JSON.stringify([...places].slice(-MOST)));
  } catch {
    // As above: only a reload loses them.
  }
}

function focusable() {
  return [...document.querySelectorAll(FOCUSABLE)];
}

/* Note where the reader is, before they leave. Safari doesn't focus a link that is clicked, so a
   visit says which it was. */
export function remember(key, element = document.activeElement) {
  const nth = focusable().indexOf(element);
  places.delete(key); // moves it to the end, the newest
  places.set(key, { top: scrollY, nth, href: element?.getAttribute("href") });
  store();
}

/* Back to where the reader was. False if that isn't known, as for a page just opened. */
export function restore(key) {
  const place = places.get(key);
  if (!place) return false;
  scrollTo({ top: place.top, behavior: "instant" });
  const element = focusable()[place.nth];
  // Another element stands there now if the page changed meanwhile.
  if (element?.getAttribute("href") === place.href) element?.focus({ preventScroll: true });
  return true;
}

/* To the fragment if the address has one, else to the top. `?t=` needs no more: the button that
   plays the moment stands there. */
export function arrive() {
  const target = document.getElementById(location.hash.slice(1));
  if (target) target.scrollIntoView({ behavior: "instant" });
  else scrollTo({ top: 0, behavior: "instant" });
  focus(target ?? heading());
}

function heading() {
  return document.querySelector("main h1") ?? document.querySelector("main");
}

function focus(element) {
  if (!element.matches(FOCUSABLE) && !element.hasAttribute("tabindex")) {
    element.tabIndex = -1;
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus({ preventScroll: true });
}

/* Screen readers read out what gets the focus. The heading says which page this is; for anything
   else the status adds the title. So each page is announced once. */
export function announce(status) {
  if (document.activeElement === document.body) focus(heading());
  status.textContent = document.activeElement === heading() ? "" : document.title;
}
