// The stage: the phones that are shown, the state as last told, and what follows from news.
import { addLines, drawBoard } from "./board.js";
import { drawClock, wireClock } from "./clock.js";
import { Phone } from "./phone.js";
import { Tour } from "./tour.js";
import { act, get, listen, say } from "./wire.js";
import { speak, t, turn } from "./words.js";

const MOST = 4;
const row = document.getElementById("row");
const more = document.getElementById("more");

const stage = {
  state: null, people: [], cast: {}, phones: [], acted: new Set(), lines: [],
  shows(who) { return this.phones.some((one) => one.who === who); },
  show(place, who) { if (who) this.phones[place]?.choose(who); },
  add(who, removable) {
    const phone = new Phone(this, who, removable);
    this.phones.push(phone);
    row.append(phone.node);
    more.hidden = this.phones.length >= MOST;
    this.remember();
  },
  remove(phone) {
    this.phones = this.phones.filter((one) => one !== phone);
    phone.node.remove();
    if (!this.shows(phone.who)) act("hold", { who: phone.who, held: false });
    more.hidden = false;
    this.remember();
  },
  remember() { sessionStorage.setItem("phones", JSON.stringify(this.phones.map((one) => one.who))); },
};
const tour = new Tour(stage);
let settingUp = false;

async function setUp() {
  settingUp = true;
  const told = await get("/people");
  Object.assign(stage, told);
  const known = (who) => stage.people.some((one) => one.id === who);
  const before = JSON.parse(sessionStorage.getItem("phones") || "[]").filter(known);
  const first = [stage.cast.student, stage.cast.mentor].filter(Boolean);
  const chosen = before.length ? before : first.length ? first : stage.people.slice(0, 2).map((one) => one.id);
  chosen.forEach((who, place) => stage.add(who, place > 1));
  document.getElementById("tour-open").hidden = !stage.cast.student;
  if (stage.cast.student && !before.length && !localStorage.getItem("toured")) tour.begin();
}

function heard(told) {
  stage.state = told;
  drawClock(told);
  drawBoard(told.board);
  stage.lines = (told.first ? told.journal : [...stage.lines, ...told.journal]).slice(-400);
  addLines(told.journal, told.first);
  const real = document.getElementById("real");
  real.hidden = told.origin === "made-up";
  real.textContent = t(`real.${told.origin}`) || "";
  if (!settingUp) { setUp(); return; }
  for (const one of told.pops || []) if (stage.shows(one.to)) say(one.text);
  for (const phone of stage.phones) {
    if (told.first || told.chats.includes(phone.chat)) phone.load();
    else phone.follow();
  }
  tour.check();
}

function relabel() {
  speak();
  document.getElementById("language").textContent = t("other");
  if (!stage.state) return;
  drawClock(stage.state);
  drawBoard(stage.state.board);
  document.getElementById("real").textContent = t(`real.${stage.state.origin}`) || "";
  addLines(stage.lines, true);
  for (const phone of stage.phones) { phone.label(); phone.load(); }
  tour.draw();
}

document.getElementById("language").onclick = () => { turn(); relabel(); };
document.getElementById("tour-open").onclick = () => tour.begin();
more.onclick = () => {
  const free = stage.people.find((one) => !stage.shows(one.id));
  if (free) stage.add(free.id, true);
};
relabel();
wireClock();
listen(heard);
