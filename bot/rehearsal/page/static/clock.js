// The clock: jumps, play, speed, and the timeline of all reminders.
import { act, element } from "./wire.js";
import { shownDay, t, weekOf } from "./words.js";

const SPEEDS = [10, 60, 240, 1440, 0]; // told minutes a second; 0 without pauses
const $ = (id) => document.getElementById(id);
let drawn = "";

export function wireClock() {
  $("times").open = matchMedia("(min-width: 1001px)").matches;
  $("reminder").onclick = () => act("reminder");
  $("day").onclick = () => act("day");
  $("minutes").onclick = () => act("minutes", { minutes: 10 });
  $("play").onclick = () => act("play");
  $("pause").onclick = () => act("pause");
  $("speed").oninput = () => { labelSpeed(); act("speed", { speed: SPEEDS[$("speed").value] }); };
  $("trouble").onchange = () => act("trouble", { trouble: $("trouble").value });
  $("kill").onclick = () => act("kill");
  $("restart").onclick = () => act("restart");
}

function labelSpeed() {
  const words = t("speeds")[$("speed").value];
  document.querySelector("output").textContent = words;
  $("speed").setAttribute("aria-valuetext", words);
}

export function drawClock(state) {
  $("now").textContent = `${shownDay(state.now, true)} ${state.now.slice(11, 16)} · ${weekOf(state.now, state.week1)}`;
  const going = Boolean(state.busy) && state.busy !== "enrol"; // while people enrol, a press waits for them
  for (const id of ["reminder", "day", "minutes", "play"]) $(id).disabled = going;
  $("pause").disabled = !going;
  $("busy").textContent = state.busy ? `${t(`busy.${state.busy}`)} …` : "";
  if (document.activeElement !== $("speed")) $("speed").value = SPEEDS.indexOf(state.speed);
  labelSpeed();
  $("trouble").value = state.trouble;
  $("kill").hidden = state.killed;
  $("restart").hidden = !state.killed;
  $("health").textContent = t(state.killed ? "dead" : state.trouble === "down" ? "cut" : "running");
  drawTimeline(state, going);
}

function drawTimeline(state, going) {
  const written = JSON.stringify(state.timeline) + t("timeline") + going;
  if (written === drawn) return;
  drawn = written;
  $("timeline").replaceChildren(...state.timeline.map((one) => {
    const to = Object.entries(one.to).map(([role, n]) => `${t(`audience.${role}`)} ${n}`).join(" · ");
    const when = `${weekOf(one.at, state.week1)} ${shownDay(one.at)} ${one.at.slice(11, 16)}`;
    const button = element("button", {
      type: "button", className: one.done ? "done" : "", disabled: one.done || going,
      onclick: () => act("jump", { at: one.at }),
    }, when, element("small", { textContent: `${t(one.done ? "done" : "coming")}${t("colon")}${to}` }));
    return element("li", {}, button);
  }));
  const next = $("timeline").querySelector("button:not(.done)");
  if (next) $("timeline").scrollLeft = next.offsetLeft - 200; // some of what was
}
