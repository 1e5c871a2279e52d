/* Plays the recording from a line, and marks the line that sounds. */

const audio = document.getElementById("recording");
const follow = document.getElementById("follow");
let items = null;
let starts = []; // milliseconds, in order
let sounding = -1;

/* Play from this line's time. False if there is no recording. */
export function hear(item) {
  if (!audio || !item) return false;
  audio.currentTime = Number(item.dataset.start) / 1000;
  audio.play().catch(() => {}); // the audio element shows why it can't play
  return true;
}

export function toggle() {
  if (!audio) return;
  if (audio.paused) audio.play().catch(() => {});
  else audio.pause();
}

/* The last line that has begun; -1 before the first. */
function lineAt(milliseconds) {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= milliseconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function mark() {
  const now = lineAt(Math.round(audio.currentTime * 1000));
  const item = items[now];
  if (now === sounding && (!item || item.classList.contains("sounding"))) return;
  items[sounding]?.classList.remove("sounding");
  items[sounding]?.removeAttribute("aria-current");
  sounding = now;
  item?.classList.add("sounding");
  item?.setAttribute("aria-current", "true");
  if (follow.checked && !audio.paused) item?.scrollIntoView({ block: "center" });
}

export function preparePlayer(lines) {
  if (!audio) return;
  items = lines.children; // live: corrected lines are replaced in their places
  starts = [...items].map((each) => Number(each.dataset.start));
  for (const name of ["timeupdate", "seeked", "play"]) audio.addEventListener(name, mark);
  follow.addEventListener("change", mark);
}
