// Where the branches stand, and the journal of what happened.
import { element } from "./wire.js";
import { shownDay, t } from "./words.js";

const LONGEST = 400;
let drawn = "";

export function drawBoard(board) {
  const written = JSON.stringify(board) + t("board");
  if (written === drawn || !board.branches) return;
  drawn = written;
  document.getElementById("board").replaceChildren(...board.branches.map((one) => element("article", {},
    element("h3", { textContent: one.name }),
    element("p", { className: "hint", textContent: `${t("students", one.students)} · ${t("not_enrolled", one.not_enrolled)}` }),
    element("dl", {}, ...line("talk", one), ...line("form", one)))));
}

function line(part, branch) {
  const states = Object.entries(branch[part]);
  const bar = element("div", { className: "bar" });
  bar.setAttribute("aria-hidden", "true");
  for (const [state, n] of states) {
    const piece = element("i", { className: state });
    piece.style.flexGrow = n;
    bar.append(piece);
  }
  const words = element("span", { className: "legend" });
  for (const [state, n] of states) {
    const number = element("span", { textContent: `${t(`states.${state}`)} ${n}` });
    number.dataset.count = `${part}.${state}`;
    words.append(number, "  ");
  }
  return [element("dt", { textContent: t(part) }), element("dd", {}, bar, words)];
}

export function addLines(lines, fresh) {
  const journal = document.getElementById("journal");
  if (fresh) journal.replaceChildren();
  for (const one of lines) {
    const when = element("time", { dateTime: one.at, textContent: `${shownDay(one.at)} ${one.at.slice(11, 19)}` });
    const who = one.whom ? `${one.who} → ${one.whom}${t("colon")}` : `${one.who} `;
    const text = one.chat === null ? t(one.text) ?? one.text : one.text;
    journal.prepend(element("li", {}, when, who + text));
  }
  while (journal.children.length > LONGEST) journal.lastElementChild.remove();
}
