/* Which links and forms lead to pages of this site. All others are the browser's own business. */

const NOT_PAGES = /^\/(?:admin|assets|audio|media)(?:\/|$)|\.\w+$/;

function isOurs(url) {
  return url.origin === location.origin && !NOT_PAGES.test(url.pathname);
}

function staysInTab(target) {
  return !target || target === "_self";
}

/* Path and query: what a fragment is not part of. */
export function pageOf({ pathname, search }) {
  return pathname + search;
}

/* The link that was meant, also one drawn in a picture (SVG). */
export function linkOf(event) {
  return event.target.closest?.("a[href]") ?? null;
}

/* Where a link leads if it is a page of ours, else null. */
export function addressOfLink(link) {
  if (link.hasAttribute("download") || link.closest("[data-reload]")) return null;
  if (!staysInTab(link.getAttribute("target"))) return null;
  const url = new URL(link.getAttribute("href"), document.baseURI);
  return isOurs(url) ? url : null;
}

/* Where a form that only asks (GET) leads, with what was filled in, else null. */
export function addressOfForm(form, button) {
  const said = (name) => button?.getAttribute(`form${name}`) ?? form.getAttribute(name);
  if ((said("method") ?? "get").toLowerCase() !== "get" || form.closest("[data-reload]")) return null;
  if (!staysInTab(said("target"))) return null;
  const url = new URL(said("action") || location.href, document.baseURI);
  url.search = new URLSearchParams(new FormData(form, button));
  url.hash = "";
  return isOurs(url) ? url : null;
}
