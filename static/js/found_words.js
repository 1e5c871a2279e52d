/* Marks the words of a search in the page of a result. */

const OTHER = "[^\\p{L}\\p{N}]";
let link = null; // of the result

/* The words that it highlights, whole ones. */
function pattern() {
  const marks = link.closest(".moment, .results > li").querySelectorAll("mark");
  const words = Array.from(marks, (each) => each.textContent.replace(RegExp(`${OTHER}+`, "gu"), `${OTHER}+`));
  return RegExp(`(?<=^|${OTHER})(${words.join("|") || "$."})(?=$|${OTHER})`, "giu");
}

function markWords() {
  CSS.highlights.clear();
  if (link?.pathname === location.pathname) {
    const found = new Highlight();
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode());) {
      for (const { index, 0: match } of text.data.matchAll(pattern())) {
        const range = new Range();
        range.setStart(text, index);
        range.setEnd(text, index + match.length);
        found.add(range);
      }
    }
    CSS.highlights.set("found", found);
  }
  link = null;
}

if (CSS.highlights) {
  document.addEventListener("click", ({ target }) => { link = target.closest?.(".results a[href]"); });
  document.addEventListener("page:shown", markWords);
}
