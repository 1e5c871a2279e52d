/* Times play their moment in the page. Without this module they are links that say the same. */

const audio = document.querySelector("audio");
const OLD_FRAGMENT = /^#(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)$/;

/* Seconds of `#25:26` or `#1:02:03`, as the show's old links have them. */
function secondsOf(fragment) {
  const match = OLD_FRAGMENT.exec(fragment);
  if (!match) return null;
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + seconds;
}

/* Before anything is loaded, this is where playing will begin. */
function seek(seconds) {
  audio.currentTime = seconds;
}

function mark(seconds) {
  for (const line of document.querySelectorAll(".topics [aria-current]")) line.removeAttribute("aria-current");
  document.getElementById(`t-${seconds}`)?.setAttribute("aria-current", "true");
}

function playOnClick(event) {
  const link = event.target.closest("a[data-seconds]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const seconds = Number(link.dataset.seconds);
  history.replaceState(null, "", `?t=${seconds}`);
  mark(seconds);
  seek(seconds);
  audio.play().catch(() => {}); // refused or unreachable: the player itself says so
}

function followFragment() {
  const seconds = secondsOf(location.hash);
  if (seconds === null) return;
  mark(seconds);
  seek(seconds);
}

if (audio) {
  document.addEventListener("click", playOnClick);
  window.addEventListener("hashchange", followFragment);
  followFragment();
}
