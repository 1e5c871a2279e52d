/* Finds words in the lines while they are typed. A long transcript has several pages: the server
   searches those. */

const form = document.getElementById("find");
const box = document.getElementById("q");
const found = document.getElementById("found");
const MOST = 2000; // highlighted places
const REGEXP = /[.*+?^${}()|[\]\\]/g;
let lines = null;
let matches = [];
let current = -1;

function pattern() {
  const words = box.value.trim().split(/\s+/).map((word) => word.replace(REGEXP, "\\$&"));
  return box.value.trim() ? new RegExp(words.join("\\s+"), "giu") : null;
}

function highlight(wanted) {
  if (!globalThis.Highlight) return;
  const ranges = [];
  for (const said of matches) {
    if (ranges.length > MOST) break;
    const node = said.firstChild;
    for (const { 0: words, index } of node.data.matchAll(wanted)) {
      const range = new Range();
      range.setStart(node, index);
      range.setEnd(node, index + words.length);
      ranges.push(range);
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
}

function say() {
  const at = current < 0 ? "" : `${current + 1} of `;
  found.textContent = box.value.trim() ? `${at}${matches.length}` : "";
}

function search() {
  const wanted = pattern();
  const all = wanted ? [...lines.querySelectorAll(".said")] : [];
  matches = all.filter((said) => said.textContent.search(wanted) >= 0);
  current = -1;
  if (wanted) highlight(wanted);
  else globalThis.CSS?.highlights?.delete("found");
  say();
}

function go(by) {
  const at = lines.querySelector(".found .said");
  search(); // lines may have been corrected
  if (matches.length === 0) return;
  const before = matches.indexOf(at);
  current = before < 0 ? (by > 0 ? 0 : matches.length - 1) : (before + by + matches.length) % matches.length;
  lines.querySelector(".found")?.classList.remove("found");
  const item = matches[current].closest("li");
  item.classList.add("found");
  item.scrollIntoView({ block: "center" });
  say();
}

export function prepareSearch(list) {
  lines = list;
  if (lines.dataset.pages !== "1") return;
  box.addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    go(1);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      go(-1);
    }
  });
  document.getElementById("previous").addEventListener("click", () => go(-1));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    box.select();
    box.focus();
  });
  if (box.value) search();
}
