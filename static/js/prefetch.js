/* Prefetches the page of a link that the reader is about to follow. */

import { addressOfLink, linkOf, pageOf } from "./links.js";
import { prefetchPage } from "./pages.js";

const HOVER = 65; // milliseconds: less is passing over
const SEARCH = /^\/search\b/; // searches without results are counted, and a prefetch is no search
let timer = 0;

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

export function prefetchLinks() {
  document.addEventListener("mouseover", prefetchSoon);
  document.addEventListener("focusin", prefetchSoon);
  document.addEventListener("touchstart", prefetchNow, { passive: true });
}
