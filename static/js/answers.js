/* A question's answers one after the other: each from its start to the next topic. Going elsewhere
   ends it. */

import { audio, episode, position, start } from "./sound.js";

const SLACK = 1; // seconds: what plays by itself moves less
let answers = []; // { episode, at, until }
let place = 0;
let way = 1; // in which the listener goes through them

/* Which of how many answers plays, null if none does. */
export function answer() {
  return answers.length ? { number: place + 1, of: answers.length } : null;
}

function go(to) {
  place = to;
  start(answers[place].episode, answers[place].at);
}

export function playAnswers(all) {
  answers = all;
  way = 1;
  go(0);
}

/* To the next answer, or by -1 to the one before. False if there is none, or none plays. */
export function toAnswer(by) {
  if (!answers[place + by]) return false;
  way = by;
  go(place + by);
  return true;
}

/* Past an answer that can't be reached. False where there is none to go on with. */
export function skipAnswer() {
  return navigator.onLine && toAnswer(way);
}

function forget() {
  answers = [];
  audio.dispatchEvent(new Event("chapters")); // the bar needn't count them any more
}

function goOn() {
  if (!answers.length) return;
  const { at, until } = answers[place];
  const over = position() - until;
  if (over < 0 && position() >= at - SLACK) return;
  if (over < 0 || over > SLACK) forget(); // the listener went elsewhere
  else if (!toAnswer(1)) {
    forget();
    audio.pause();
  }
}

function notice() {
  if (answers.length && episode?.audio !== answers[place].episode.audio) answers = [];
}

audio.addEventListener("timeupdate", goOn);
audio.addEventListener("ended", () => { if (answers.length && !toAnswer(1)) forget(); });
audio.addEventListener("episode", notice);
