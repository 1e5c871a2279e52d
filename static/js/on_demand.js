/* Loads what only some pages need. */

function load() {
  if (document.getElementById("q")) import("./suggest.js");
  if (document.querySelector(".results")) import("./found_words.js");
  if (document.querySelector("[data-copies], [data-shares]")) import("./copy.js");
  // A host who is signed in gets pencils; the page itself is everyone's. The cookie opens no door.
  if (document.cookie.split("; ").includes("desk=1")) import("./pencils.js");
}

document.addEventListener("page:shown", load);
load();
