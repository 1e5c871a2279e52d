/* Filters the rows of a list by the letters in a field; loaded with the first letter. */

import { announce } from "./announce.js";

const NOT_COMPARED = /[^\p{L}\p{N}+#]/gu;

function comparable(text) {
  return text.normalize("NFKD").toLowerCase().replace(NOT_COMPARED, "");
}

/* Shows the rows whose link holds the letters, also those that are folded, and
   meanwhile hides what is of all rows. */
export function filterList(field) {
  const list = document.getElementById(field.dataset.filters);
  const letters = comparable(field.value);
  const rows = [...list.querySelectorAll("li")];
  for (const row of rows) row.hidden = !comparable(row.querySelector("a > bdi").firstChild.textContent).includes(letters);
  for (const each of document.querySelectorAll("[data-unfiltered]")) each.hidden = letters !== "";
  const found = rows.filter(({ hidden }) => !hidden).length;
  for (const fold of list.querySelectorAll("details")) fold.open = letters !== "";
  list.querySelector("[data-nothing]").hidden = found > 0;
  announce(found === 1 ? "1 technology" : `${found} technologies`);
}
