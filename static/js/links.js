/* Links and forms to pages of this site. The browser handles all others. */

const NOT_PAGES = /^\/(?:admin|assets|audio|media)(?:\/|$)|\.\w+$/;

function isOurs(url) {
  return url.origin === location.origin && !NOT_PAGES.test(url.pathname);
}

function staysInTab(target) {
  return !target || target === "_self";
}

/* Path and query, without the fragment. */
export function pageOf({ pathname, search }) {
  return pathname + search;
}

/* The link of an event, also within SVG. */
export function linkOf(event) {
  return event.target.closest?.("a[href]") ?? null;
}

/* The URL of a link to a page of this site, else null. */
export function addressOfLink(link) {
  if (link.hasAttribute("download") || link.closest("[data-reload]")) return null;
  if (!staysInTab(link.getAttribute("target"))) return null;
  const url = new URL(link.getAttribute("href"), document.baseURI);
  return isOurs(url) ? url : null;
}

/* The URL of a GET form with its fields, else null. */
export function addressOfForm(form, button) {
  const attribute = (name) => button?.getAttribute(`form${name}`) ?? form.getAttribute(name);
  if ((attribute("method") ?? "get").toLowerCase() !== "get" || form.closest("[data-reload]")) return null;
  if (!staysInTab(attribute("target"))) return null;
  const url = new URL(attribute("action") || location.href, document.baseURI);
  url.search = new URLSearchParams(new FormData(form, button));
  url.hash = "";
  return isOurs(url) ? url : null;
}
