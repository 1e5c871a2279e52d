/* Shares a row's moment: by the system's share sheet, else its link is copied. */

import { announce } from "./announce.js";

const SHOWN = 2000; // milliseconds

async function copy(button, url) {
  try {
    await navigator.clipboard.writeText(url);
    announce("Link copied");
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), SHOWN);
  } catch {
    prompt("Your browser blocked copying. Copy this link:", url);
  }
}

/* `item`: as in the queue. */
export async function shareMoment(button, { episode, at, label }) {
  const url = `${new URL(episode.page, document.baseURI).href}?t=${at}`;
  if (!navigator.share) return copy(button, url);
  try {
    return await navigator.share({ title: `${label} · ${episode.title}`, url });
  } catch (error) {
    return error.name === "AbortError" ? null : copy(button, url); // else they cancelled
  }
}
