/* Navigation without a page load, so that audio continues. What can't be swapped in loads as usual.
   After a swap the document fires `page:shown`. */

import { addressOfForm, addressOfLink, linkOf, pageOf } from "./links.js";
import { load, prefetchPage, swap } from "./pages.js";
import { announcePage, restore, save, scrollToTarget } from "./scroll_restoration.js";

const PATIENCE = 200; // milliseconds before a visit counts as slow
const UNREACHABLE = "The page can't be reached. Leave anyway? Playback would stop.";
const HOVER = 65; // milliseconds: less is passing over
const SEARCH = /^\/search\b/; // searches without results are counted, and a prefetch is no search
const STILL = matchMedia("(prefers-reduced-motion)");
let timer = 0; // of a prefetch
const progress = document.getElementById("progress");
const status = document.getElementById("status");

/* The current history entry: its own `key`, and that of its `page`, which entries for fragments share. */
let entry = history.state;
let visit = new AbortController();

function name() {
  return Math.random().toString(36).slice(2);
}

/* Mark the current history entry as one of this page, or of a new one. */
function enter(page = name()) {
  entry = { key: name(), page };
  history.replaceState(entry, "");
}

function stop() {
  visit.abort();
  progress.hidden = true;
}

/* Offline the browser couldn't load the page either, and playback would end. */
function mayLeave(error) {
  const isPlaying = document.querySelector("#player audio")?.paused === false;
  return !isPlaying || !(error instanceof TypeError) || confirm(UNREACHABLE);
}

/* Prefetch the page of a link that the reader is about to follow. */
function prefetch(link) {
  // A time of the page itself plays here; see play_controls.js.
  const url = link.hasAttribute("data-seconds") ? null : addressOfLink(link);
  if (url && pageOf(url) !== pageOf(location) && !SEARCH.test(url.pathname)) prefetchPage(url);
}

function prefetchSoon(event) {
  clearTimeout(timer);
  const link = linkOf(event);
  if (link) timer = setTimeout(prefetch, HOVER, link);
}

function prefetchNow(event) {
  const link = linkOf(event);
  if (link) prefetch(link);
}

/* Run `update`; the card that `from` is in, if any, turns into its page (css/site.css). */
async function animate(update, from) {
  if (!from || !document.startViewTransition || STILL.matches) {
    update();
    return;
  }
  from.closest(".card")?.classList.add("leaving");
  const transition = document.startViewTransition(update);
  transition.ready.catch(() => {}); // the update is made even if the motion is skipped
  await transition.updateCallbackDone;
}

/* Load a page and `show` it; if that fails, `reload` lets the browser do it. */
async function go(url, show, reload, from) {
  stop(); // the newest visit wins
  visit = new AbortController();
  const { signal } = visit;
  const slow = setTimeout(() => { if (!signal.aborted) progress.hidden = false; }, PATIENCE);
  try {
    const loaded = await load(url, signal);
    await animate(() => { if (!signal.aborted) show(loaded); }, from);
  } catch (error) {
    if (!signal.aborted && mayLeave(error)) reload();
  }
  clearTimeout(slow);
  if (!signal.aborted) progress.hidden = true;
}

/* `isBack`: the scroll position was restored. */
function announceShown(isBack) {
  announcePage(status);
  document.dispatchEvent(new CustomEvent("page:shown", { detail: isBack }));
}

function follow(url, element) {
  save(entry.key, element);
  go(url, ({ address, page }) => {
    // Like browsers: a link to the current URL adds no entry.
    if (address.href !== location.href) history.pushState(null, "", address);
    enter();
    swap(page);
    scrollToTarget(address.hash);
    announceShown(false);
  }, () => location.assign(url), element);
}

function returnTo(left) {
  go(new URL(location), ({ address, page }) => {
    entry = left;
    history.replaceState(entry, "", address);
    swap(page);
    const isBack = restore(entry.key);
    if (!isBack) scrollToTarget();
    announceShown(isBack);
  }, () => location.reload());
}

function onClick(event) {
  const link = linkOf(event);
  if (!link || event.defaultPrevented || event.button) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = addressOfLink(link);
  if (!url) return;
  if (url.hash && pageOf(url) === pageOf(location)) {
    save(entry.key, link); // the browser scrolls; Back returns here
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

/* Back, Forward, and fragments, whose new entry has no state yet. */
function onPopState({ state }) {
  if (!state) {
    enter(entry.page);
    return;
  }
  save(entry.key); // the scroll position is still that of the entry left
  if (state.page !== entry.page) {
    returnTo(state);
    return;
  }
  stop();
  entry = state;
  restore(entry.key);
}

function onPageHide() {
  stop(); // a failing visit would interfere
  save(entry.key);
}

/* From the back/forward cache: stored values may have changed since. */
function onPageShow({ persisted }) {
  if (persisted) document.dispatchEvent(new CustomEvent("page:shown", { detail: true }));
}

history.scrollRestoration = "manual";
if (!entry) enter();
restore(entry.key); // after a reload, or Back from another site
document.addEventListener("click", onClick);
document.addEventListener("submit", onSubmit);
window.addEventListener("popstate", onPopState);
window.addEventListener("pagehide", onPageHide);
window.addEventListener("pageshow", onPageShow);
document.addEventListener("mouseover", prefetchSoon);
document.addEventListener("focusin", prefetchSoon);
document.addEventListener("touchstart", prefetchNow, { passive: true });
