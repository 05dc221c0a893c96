// The page's own server: what is there, what people do, and news of what changed.
import { t } from "./words.js";

const toast = document.getElementById("toast");
let vanishing;

export function say(text) {
  toast.textContent = text;
  clearTimeout(vanishing);
  vanishing = setTimeout(() => { toast.textContent = ""; }, 5000);
}

export async function get(path) {
  return (await fetch(path)).json();
}

export async function act(deed, given = {}) {
  try {
    const answer = await fetch(`/do/${deed}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(given),
    });
    const { error } = await answer.json();
    if (!error) return true;
    say(t(error) ?? error);
  } catch {
    document.getElementById("lost").hidden = false;
  }
  return false;
}

export function listen(heard) {
  const source = new EventSource("/news");
  const lost = document.getElementById("lost");
  source.onmessage = (event) => { lost.hidden = true; heard(JSON.parse(event.data)); };
  source.onerror = () => { lost.hidden = false; };
}

export function element(tag, given = {}, ...children) {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...children.filter((one) => one !== null && one !== undefined));
  return made;
}
