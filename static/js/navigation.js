/* Goes from page to page without loading anew, so that what plays keeps playing.
   Whatever can't be shown that way is loaded as if this module weren't here. Other modules learn of
   a page swapped in by the document's event `page:shown`. */

import { watchIntent } from "./intent.js";
import { addressOfForm, addressOfLink, linkOf, pageOf } from "./links.js";
import { load, swap } from "./pages.js";
import { announce, arrive, remember, restore } from "./places.js";

const PATIENCE = 200; // milliseconds before a visit counts as slow
const UNREACHED = "The page can't be reached. Go there all the same? What plays would end.";
const progress = document.getElementById("progress");
const status = document.getElementById("status");

/* The history entry shown: `key` is its own, `page` that of its page, which entries for fragments
   within one page have in common. */
let entry = history.state;
let visit = new AbortController();

function name() {
  return Math.random().toString(36).slice(2);
}

/* Name the current history entry, one of this page or of a new one. */
function enter(page = name()) {
  entry = { key: name(), page };
  history.replaceState(entry, "");
}

function stop() {
  visit.abort();
  progress.hidden = true;
}

/* Without a network the browser couldn't load it either, and what plays would end with this page. */
function mayLeave(error) {
  const isPlaying = document.querySelector("#player audio")?.paused === false;
  return !isPlaying || !(error instanceof TypeError) || confirm(UNREACHED);
}

/* Load a page and hand it to `show`; else let the browser do it by `loadAnew`. */
async function go(url, show, loadAnew) {
  stop(); // the newest visit wins
  visit = new AbortController();
  const { signal } = visit;
  const slow = setTimeout(() => { if (!signal.aborted) progress.hidden = false; }, PATIENCE);
  try {
    const loaded = await load(url, signal);
    if (!signal.aborted) show(loaded);
  } catch (error) {
    if (!signal.aborted && mayLeave(error)) loadAnew();
  }
  clearTimeout(slow);
  if (!signal.aborted) progress.hidden = true;
}

/* `isBack`: the reader is where they were in it. */
function tell(isBack) {
  announce(status);
  document.dispatchEvent(new CustomEvent("page:shown", { detail: isBack }));
}

function follow(url, element) {
  remember(entry.key, element);
  go(url, ({ address, page }) => {
    // As browsers do: the page one is on already makes no new entry.
    if (address.href !== location.href) history.pushState(null, "", address);
    enter();
    swap(page);
    arrive();
    tell(false);
  }, () => location.assign(url));
}

function returnTo(left) {
  go(new URL(location), ({ address, page }) => {
    entry = left;
    history.replaceState(entry, "", address);
    swap(page);
    const isBack = restore(entry.key);
    if (!isBack) arrive();
    tell(isBack);
  }, () => location.reload());
}

function onClick(event) {
  const link = linkOf(event);
  if (!link || event.defaultPrevented || event.button) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = addressOfLink(link);
  if (!url) return;
  if (url.hash && pageOf(url) === pageOf(location)) {
    remember(entry.key, link); // the browser goes there, and Back comes here
    return;
  }
  event.preventDefault();
  follow(url, link);
}

function onSubmit(event) {
  if (event.defaultPrevented) return;
  const url = addressOfForm(event.target, event.submitter);
  if (!url) return;
  event.preventDefault();
  follow(url);
}

/* Back, Forward, and fragments within the page, whose new entry has no state yet. */
function onPopState({ state }) {
  if (!state) {
    enter(entry.page);
    return;
  }
  remember(entry.key); // the scroll is still that of the entry left
  if (state.page !== entry.page) {
    returnTo(state);
    return;
  }
  stop();
  entry = state;
  restore(entry.key);
}

function onPageHide() {
  stop(); // or its failure would interfere with where the reader goes
  remember(entry.key);
}

/* As it was left, perhaps long ago: what this device keeps may have changed since. */
function onPageShow({ persisted }) {
  if (persisted) document.dispatchEvent(new CustomEvent("page:shown", { detail: true }));
}

history.scrollRestoration = "manual";
if (!entry) enter();
restore(entry.key); // after a reload, or when coming back from elsewhere
document.addEventListener("click", onClick);
document.addEventListener("submit", onSubmit);
window.addEventListener("popstate", onPopState);
window.addEventListener("pagehide", onPageHide);
window.addEventListener("pageshow", onPageShow);
watchIntent();
