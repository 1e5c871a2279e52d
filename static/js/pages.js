/* Fetches pages, prefetches a few, and swaps one for another. */

const PREFETCH_SECONDS = 5;
const MOST_PREFETCHED = 3;
const prefetched = new Map(); // URL: promise of the page

/* What stays in the head; all else there belongs to one page. */
const PERMANENT = "meta[charset], meta[name=viewport], meta[name=color-scheme], meta[name=theme-color],"
  + "link[rel$=icon], link[rel=stylesheet], link[rel$=preload], script[src]";

function withoutFragment(url) {
  return url.href.split("#")[0];
}

async function fetchPage(url, options) {
  const response = await fetch(withoutFragment(url), { headers: { Accept: "text/html" }, ...options });
  if (!response.headers.get("Content-Type")?.startsWith("text/html")) throw new Error("not a page");
  return { address: new URL(response.url), html: await response.text() };
}

/* Fetch a page that the reader will probably visit. */
export function prefetchPage(url) {
  const address = withoutFragment(url);
  if (prefetched.has(address) || prefetched.size >= MOST_PREFETCHED || navigator.connection?.saveData) return;
  const forget = () => prefetched.delete(address);
  prefetched.set(address, fetchPage(url, { priority: "low" }));
  // A failed one is fetched again on a visit.
  prefetched.get(address).then(() => setTimeout(forget, PREFETCH_SECONDS * 1000), forget);
}

/* The page at this URL: its final address and its document. Throws unless it can be swapped in: HTML
   of this site with a <main>, for the assets already loaded. Error pages count as pages.

   While something plays, pages of a new release are swapped in, too, with their styles: play controls
   keep their attributes from release to release. */
export async function load(url, signal) {
  const { address, html } = await (prefetched.get(withoutFragment(url)) ?? fetchPage(url, { signal }));
  const page = new DOMParser().parseFromString(html, "text/html");
  if (address.origin !== location.origin || !page.querySelector("main")) throw new Error("not ours");
  if (!isOfThisRelease(page)) {
    if (!isPlaying()) throw new Error("another release");
    await loadStyles(page);
  }
  address.hash = url.hash;
  return { address, page };
}

function isPlaying() {
  return document.querySelector("#player audio")?.paused === false;
}

/* Load the styles that this document lacks. */
function loadStyles(page) {
  const loaded = assets(document);
  return Promise.all(Array.from(page.querySelectorAll("link[rel=stylesheet]"), (link) => {
    if (loaded.includes(link.getAttribute("href"))) return null;
    const style = link.cloneNode();
    return new Promise((resolve) => {
      style.addEventListener("load", resolve);
      style.addEventListener("error", resolve); // as the browser would: the page without it
      document.head.append(style);
    });
  }));
}

/* Assets have a hash in their names, so another release has other URLs. */
function isOfThisRelease(page) {
  const loaded = new Set(assets(document));
  return assets(page).every((asset) => loaded.has(asset));
}

function assets(page) {
  const elements = page.querySelectorAll("link[rel=stylesheet], script[src]");
  return Array.from(elements, (each) => each.getAttribute("href") ?? each.getAttribute("src"));
}

/* Swap the document in. The player is outside of what is replaced. */
export function swap(page) {
  for (const element of page.querySelectorAll("noscript")) element.remove(); // read as text where scripts run
  document.documentElement.lang = page.documentElement.lang;
  const styles = assets(page);
  for (const style of document.querySelectorAll("link[rel=stylesheet]")) {
    if (!styles.includes(style.getAttribute("href"))) style.remove(); // a former release's
  }
  for (const element of document.head.querySelectorAll(`:scope > :not(${PERMANENT})`)) element.remove();
  document.head.append(...page.head.querySelectorAll(`:scope > :not(${PERMANENT})`));
  for (const part of [".site-header", "main"]) {
    const next = page.querySelector(part);
    if (next) document.querySelector(part).replaceWith(next);
  }
}
