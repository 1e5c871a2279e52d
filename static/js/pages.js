/* Fetches pages, a few of them ahead, and puts one in the place of another. */

const KEPT_SECONDS = 5;
const MOST_AHEAD = 3;
const ahead = new Map(); // address: the page as fetched, still on its way perhaps

/* What stays in the head; all else there speaks of one page. */
const FRAME = "meta[charset], meta[name=viewport], meta[name=color-scheme], meta[name=theme-color],"
  + "link[rel$=icon], link[rel=stylesheet], link[rel=modulepreload], script[src]";

function withoutFragment(url) {
  return url.href.split("#")[0];
}

async function fetchPage(url, options) {
  const response = await fetch(withoutFragment(url), { headers: { Accept: "text/html" }, ...options });
  if (!response.headers.get("Content-Type")?.startsWith("text/html")) throw new Error("not a page");
  return { address: new URL(response.url), html: await response.text() };
}

/* Fetch a page that will probably be asked for in a moment. */
export function fetchAhead(url) {
  const address = withoutFragment(url);
  if (ahead.has(address) || ahead.size >= MOST_AHEAD || navigator.connection?.saveData) return;
  const forget = () => ahead.delete(address);
  ahead.set(address, fetchPage(url, { priority: "low" }));
  // One that failed is asked for again, should it be wanted.
  ahead.get(address).then(() => setTimeout(forget, KEPT_SECONDS * 1000), forget);
}

/* The page at this address: where it was found in the end and its document. Throws unless it can
   be shown in this one: it has to be HTML with a <main>, made for the assets we have loaded.
   Whether it reports success is no matter: our error pages are pages. */
export async function load(url, signal) {
  const { address, html } = await (ahead.get(withoutFragment(url)) ?? fetchPage(url, { signal }));
  const page = new DOMParser().parseFromString(html, "text/html");
  if (address.origin !== location.origin || !page.querySelector("main")) throw new Error("not ours");
  if (!isOfThisRelease(page)) throw new Error("another release");
  address.hash = url.hash;
  return { address, page };
}

/* Assets have their content's hash in their names, so another release shows in their addresses. */
function isOfThisRelease(page) {
  const loaded = new Set(assets(document));
  return assets(page).every((asset) => loaded.has(asset));
}

function assets(page) {
  const elements = page.querySelectorAll("link[rel=stylesheet], script[src]");
  return Array.from(elements, (each) => each.getAttribute("href") ?? each.getAttribute("src"));
}

/* Show that document here. The player stands outside of all that is replaced. */
export function swap(page) {
  for (const element of page.querySelectorAll("noscript")) element.remove(); // read as text where scripts run
  document.documentElement.lang = page.documentElement.lang;
  for (const element of document.head.querySelectorAll(`:scope > :not(${FRAME})`)) element.remove();
  document.head.append(...page.head.querySelectorAll(`:scope > :not(${FRAME})`));
  for (const part of [".site-header", "main"]) {
    const next = page.querySelector(part);
    if (next) document.querySelector(part).replaceWith(next);
  }
}
