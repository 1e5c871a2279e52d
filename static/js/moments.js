/* Times play their moment in the page. Without this module they are links that say the same. */

const OLD_FRAGMENT = /^#(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)$/;

/* Seconds of `#25:26` or `#1:02:03`, as the show's old links have them. */
function secondsOf(fragment) {
  const match = OLD_FRAGMENT.exec(fragment);
  if (!match) return null;
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + seconds;
}

/* The page's own; the page may have been swapped since, so it is looked up each time. */
function player() {
  return document.querySelector("main audio");
}

/* Before anything is loaded, this is where playing will begin. */
function seek(seconds) {
  player().currentTime = seconds;
}

function mark(seconds) {
  for (const each of document.querySelectorAll(":is(.topics, .shape) [aria-current]")) each.removeAttribute("aria-current");
  document.querySelector(".shape .now")?.remove();
  document.getElementById(`t-${seconds}`)?.setAttribute("aria-current", "true");
  document.querySelector(`.shape [data-seconds="${seconds}"]`)?.setAttribute("aria-current", "true");
}

function playOnClick(event) {
  const link = event.target.closest("a[data-seconds]");
  if (!link || !player() || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const seconds = Number(link.dataset.seconds);
  history.replaceState(history.state, "", `?t=${seconds}`);
  mark(seconds);
  seek(seconds);
  player().play().catch(() => {}); // refused or unreachable: the player itself says so
}

function followFragment() {
  const seconds = secondsOf(location.hash);
  if (seconds === null || !player()) return;
  mark(seconds);
  seek(seconds);
}

document.addEventListener("click", playOnClick);
document.addEventListener("page:shown", followFragment);
window.addEventListener("hashchange", followFragment);
followFragment();
