/* Scroll position, focus and what was typed before a suggestion, stored for each entry of the tab's
   history. */

const STORAGE_KEY = "places";
const MOST = 50;
const FOCUSABLE = "a[href], audio, button:not(.star, .enqueue, .share-moment), input, select, summary, textarea"; // stars come later
const positions = stored();

function stored() {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(STORAGE_KEY)));
  } catch {
    return new Map(); // storage is blocked: this document's memory remains
  }
}

function store() {
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify([...positions].slice(-MOST)));
  } catch {
    // As above: only a reload loses them.
  }
}

function searchBox() {
  return document.getElementById("q");
}

function focusable() {
  return [...document.querySelectorAll(FOCUSABLE)];
}

/* Store where the reader is, before they leave. Safari doesn't focus a clicked link, so a visit passes
   it. */
export function save(key, element = document.activeElement) {
  const nth = focusable().indexOf(element);
  const typed = element?.closest("#suggestions") && searchBox().value;
  positions.delete(key); // moves it to the end, the newest
  positions.set(key, { top: scrollY, nth, href: element?.getAttribute("href"), typed });
  store();
}

/* Restore scroll position and focus. False if there are none, as for a page just opened. */
export function restore(key) {
  const position = positions.get(key);
  if (!position) return false;
  scrollTo({ top: position.top, behavior: "instant" });
  const element = focusable()[position.nth];
  // If the page changed meanwhile, another element is there.
  if (element?.getAttribute("href") === position.href) element?.focus({ preventScroll: true });
  if (position.typed && searchBox()) {
    searchBox().value = position.typed;
    searchBox().focus({ preventScroll: true });
  }
  return true;
}

/* Scroll to the URL's fragment, else to the top, where `?t=` has its play button. Browsers hide
   `:~:text=` from `location`. */
export function scrollToTarget(fragment = location.hash) {
  const [id, text] = fragment.slice(1).split(":~:text=");
  const target = document.getElementById(id) ?? (text && elementWith(decodeURIComponent(text)));
  if (target) target.scrollIntoView({ behavior: "instant", block: text ? "center" : "start" });
  else scrollTo({ top: 0, behavior: "instant" });
  focus(target ?? heading());
}

function elementWith(text) {
  return [...document.querySelectorAll("main *")].findLast((each) => each.textContent.replace(/\s+/g, " ").includes(text));
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

/* Announce the page once: a screen reader reads the focused heading, and for any other element the
   status adds the title. */
export function announcePage(status) {
  if (document.activeElement === document.body) focus(heading());
  status.textContent = document.activeElement === heading() ? "" : document.title;
}
