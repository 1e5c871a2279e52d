/* The items of a list: its moments in this page, or in a later one that is fetched. */

import { itemOf, MOMENTS } from "./play_items.js";

const NEXT = "[data-all], .pager a[rel~=next]";

/* Items of these parts of the page at this address, and where the list goes on, null at its end. */
export function itemsIn(parts, base = document.baseURI) {
  const controls = parts.flatMap((part) => [...part.querySelectorAll(MOMENTS)]);
  const next = parts.map((part) => part.querySelector(NEXT)?.getAttribute("href")).find(Boolean);
  return { items: controls.map(itemOf), next: next ? new URL(next, base).href : null };
}

export async function nextPage(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) return { items: [], next: null }; // shorter than it was
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return itemsIn([page.querySelector("main")], response.url);
}
