// The guided tour: five steps, each done when what it asks for shows on a phone. Where the next
// step needs another phone, whoever looks says when.
import { act, element, get } from "./wire.js";
import { t } from "./words.js";

const node = document.getElementById("tour");
const buttons = (chat) => chat.messages.flatMap((one) => one.buttons.flat().map((button) => button.text));

const isTicked = (one) => { // the list of forms to take in, with somebody on it who brought it
  const labels = buttons({ messages: [one] });
  return labels.includes("收到日期") && labels.some((label) => label.startsWith("✓"));
};

export class Tour {
  constructor(stage) {
    this.stage = stage;
    this.step = -1;
    this.done = false; // a step whose outcome is still to be looked at, before other phones come
    this.checking = false;
  }

  begin() {
    this.step = 0;
    this.done = false;
    const { student, mentor } = this.stage.cast;
    this.stage.show(0, student);
    this.stage.show(1, mentor);
    this.draw();
    this.check();
  }

  end() {
    this.step = -1;
    node.hidden = true;
    localStorage.setItem("toured", "yes");
  }

  draw() {
    if (this.step < 0) return;
    node.hidden = false;
    const dots = element("ol", {}, ...[1, 2, 3, 4, 5].map((n) => {
      const dot = element("li", { textContent: n });
      if (n === this.step + 1) dot.setAttribute("aria-current", "step");
      return dot;
    }));
    const closing = element("button", { type: "button", textContent: t("end"), onclick: () => this.end() });
    const over = this.step >= 5;
    const [title, words, deed] = over ? [t("tour_title"), t("over"), null] : t("steps")[this.step];
    const head = over ? title : `${t("step_of", this.step + 1)}${t("colon")}${title}`;
    const row = element("div", { className: "row" });
    if (over) row.append(element("button", { type: "button", className: "main", textContent: t("play"), onclick: () => act("play") }));
    if (deed) row.append(element("button", { type: "button", className: "main", textContent: deed, onclick: () => this.travel() }));
    const next = { type: "button", className: this.done ? "main" : "", textContent: t("next"), onclick: () => this.forward() };
    if (!over) row.append(element("button", next));
    row.append(closing);
    const said = this.done ? t("did") : words;
    node.replaceChildren(element("h2", { textContent: head }), dots, element("p", { textContent: said }), row);
  }

  travel() {
    const day = new Date(`${this.stage.state.week1}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + 7);
    const from = day.toISOString().slice(0, 10);
    const found = this.stage.state.timeline.find((one) => !one.done && one.at.slice(0, 10) >= from && one.to.student);
    return found ? act("jump", { at: found.at }) : act("reminder");
  }

  forward() {
    this.step += 1;
    this.done = false;
    this.stage.acted.clear();
    const { committee, secretary } = this.stage.cast;
    if (this.step === 3) this.stage.show(1, committee);
    if (this.step === 4) this.stage.show(1, secretary);
    this.draw();
  }

  async check() {
    if (this.step < 0 || this.step >= 5 || this.done || this.checking || this.stage.state.busy) return;
    this.checking = true;
    try {
      while (this.step < 5 && !this.done && await this.isDone()) {
        if (this.step < 2) this.forward();
        else {
          this.done = true;
          this.draw();
        }
      }
    } finally {
      this.checking = false;
    }
  }

  async isDone() {
    const { student, mentor, committee, secretary } = this.stage.cast;
    const who = [student, mentor, student, committee, secretary][this.step];
    const chat = await get(`/chat/${who}?as=${who}`);
    if (this.step === 0) return buttons(chat).some((one) => one.startsWith("已谈话"));
    const confirmed = chat.messages.some((one) => one.bot && one.text.includes("已确认"));
    if (this.step === 1) return confirmed || buttons(chat).some((one) => one.startsWith("属实"));
    if (this.step === 2) return confirmed;
    if (this.step === 3) return this.stage.acted.has(committee) && chat.messages.some(isTicked);
    return this.stage.acted.has(secretary) && chat.messages.at(-1)?.bot;
  }
}
