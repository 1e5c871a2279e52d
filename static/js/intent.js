/* Fetches the page of a link that the reader is about to follow. */

import { addressOfLink, linkOf, pageOf } from "./links.js";
import { fetchAhead } from "./pages.js";

const HESITATION = 65; // milliseconds: shorter is passing over
const SEARCH = /^\/search\b/; // what was searched for in vain is counted: not what is only pointed at
let timer = 0;

function prepare(link) {
  // A time of the page itself plays here; see moments.js.
  const url = link.hasAttribute("data-seconds") ? null : addressOfLink(link);
  if (url && pageOf(url) !== pageOf(location) && !SEARCH.test(url.pathname)) fetchAhead(url);
}

function hesitate(event) {
  clearTimeout(timer);
  const link = linkOf(event);
  if (link) timer = setTimeout(prepare, HESITATION, link);
}

function prepareAtOnce(event) {
  const link = linkOf(event);
  if (link) prepare(link);
}

export function watchIntent() {
  document.addEventListener("mouseover", hesitate);
  document.addEventListener("focusin", hesitate);
  document.addEventListener("touchstart", prepareAtOnce, { passive: true });
}
