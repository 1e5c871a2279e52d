/* Loads what only some pages need, and what only some readers use. */

const UNLOADABLE = "This can't be loaded: you are offline, or the site was updated. Reload the page.";

/* Whether the address names a moment that the page doesn't offer by itself. */
function hasMoment() {
  const button = document.querySelector("main .listen [data-play]");
  const isOffered = button && "at" in button.dataset && !document.querySelector("main .transcript");
  return button && (location.hash || (!isOffered && new URLSearchParams(location.search).has("t")));
}

/* `isBack`: the scroll position was restored. */
async function load({ detail: isBack } = {}) {
  if (document.getElementById("q")) import("./suggest.js");
  if (document.querySelector(".results")) import("./found_words.js");
  if (document.querySelector("[data-copies], [data-shares]")) import("./copy.js");
  if (document.querySelector("main .transcript")) import("./share_words.js");
  if (document.querySelector("[data-guest-form]")) import("./guest_page/form.js");
  if (document.querySelector("[data-my-moments]")) import("./my_moments.js");
  // A host who is signed in gets pencils; the page itself is everyone's. The cookie opens no door.
  if (document.cookie.split("; ").includes("desk=1")) import("./pencils.js");
  if (hasMoment()) (await import("./moment_address.js")).offerMoment(isBack === true);
}

let pressed = null; // where a press began

/* A press beside a dialog closes it. */
function onPress({ target, clientX, clientY }) {
  if (target !== pressed || !target.matches("dialog[open]")) return;
  const { left, right, top, bottom } = target.getBoundingClientRect();
  if (clientX < left || clientX > right || clientY < top || clientY > bottom) target.close();
}

document.addEventListener("pointerdown", ({ target }) => { pressed = target; });
document.addEventListener("click", onPress);
document.addEventListener("page:shown", load);
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-share-clip]");
  if (button) import("./clip_dialog.js").then(({ openFor }) => openFor(button), () => alert(UNLOADABLE));
});
document.addEventListener("input", ({ target }) => {
  if (target.dataset.filters) import("./filter_list.js").then(({ filterList }) => filterList(target));
});
window.addEventListener("hashchange", () => load());
load();
