// One phone: who holds it, the chat with the bot or the branch's group, writing and pressing.
import { act, element, get, say } from "./wire.js";
import { shownDay, t } from "./words.js";

const ROLES = ["student", "mentor", "committee", "secretary", "office", "none"];
const NEAR = 160; // pixels
const seen = new Map(); // chat → bot messages shown on some phone
let numbered = 0;

export class Phone {
  constructor(stage, who, removable) {
    this.stage = stage;
    this.inGroup = false;
    this.replying = null;
    this.id = ++numbered;
    this.node = element("article", { className: "phone" });
    this.build(removable);
    this.choose(who);
  }

  get person() { return this.stage.people.find((one) => one.id === this.who); }
  get chat() { return this.inGroup ? this.person.group : this.who; }

  build(removable) {
    this.role = element("select", { onchange: () => this.choose(this.among(this.role.value)[0]?.id) });
    this.name = element("select", { onchange: () => this.choose(Number(this.name.value)) });
    this.name.onfocus = () => this.fillNames();
    this.box = element("input", { type: "checkbox", onchange: () => act("hold", { who: this.who, held: this.box.checked }) });
    this.heldWords = element("span");
    this.private = element("button", { type: "button", onclick: () => this.turn(false) });
    this.group = element("button", { type: "button", onclick: () => this.turn(true) });
    this.away = element("button", { type: "button", hidden: !removable, onclick: () => this.stage.remove(this) });
    this.wall = element("div", { className: "wall", tabIndex: 0 });
    this.wall.setAttribute("role", "log");
    this.atEnd = true; // whoever has scrolled back reads on there; all others follow what is new
    this.wall.onscroll = () => { this.atEnd = this.wall.scrollHeight - this.wall.scrollTop - this.wall.clientHeight < NEAR; };
    new ResizeObserver(() => this.toEnd()).observe(this.wall);
    this.bar = element("div", { className: "row hint", hidden: true });
    this.menu = element("div", { className: "menu", hidden: true });
    this.slash = element("button", { type: "button", textContent: "/", onclick: () => this.offer() });
    this.text = element("textarea", { rows: 1, oninput: () => this.suggest(), onkeydown: (event) => this.key(event) });
    this.submit = element("button", { className: "main" });
    this.fileWords = element("span");
    this.file = element("input", { type: "file", onchange: () => this.upload() });
    this.form = element("form", { onsubmit: (event) => { event.preventDefault(); this.write(); } },
      this.slash, this.text, element("label", { className: "attach" }, this.fileWords, this.file), this.submit);
    this.hint = element("p", { className: "hint", hidden: true });
    this.opening = element("button", { type: "button", className: "main", hidden: true, onclick: () => this.open() });
    this.node.append(
      element("div", { className: "who" },
        element("div", { className: "row" }, this.role, this.name),
        element("div", { className: "row tabs" }, this.private, this.group, this.away),
        element("label", { className: "held" }, this.box, this.heldWords)),
      this.wall,
      element("div", { className: "write" }, this.hint, this.opening, this.bar, this.menu, this.form));
  }

  among(role) {
    return this.stage.people.filter((one) => (role === "none" ? !one.roles.length : one.roles.includes(role)));
  }

  choose(who) {
    if (!who || !this.stage.people.some((one) => one.id === who)) return;
    const before = this.who;
    this.who = who;
    if (before && before !== who && !this.stage.shows(before)) act("hold", { who: before, held: false });
    if (before !== who) act("hold", { who, held: true });
    if (!this.person.group) this.inGroup = false;
    const role = this.role.value;
    if (!this.among(role).some((one) => one.id === who)) this.wanted = this.person.roles[0] || "none";
    this.reply(null);
    this.label();
    this.stage.remember();
    this.load();
  }

  turn(inGroup) {
    this.inGroup = inGroup;
    this.reply(null);
    this.label();
    this.load();
  }

  label() {
    const role = this.wanted || this.role.value || "student";
    this.wanted = null;
    this.role.replaceChildren(...ROLES.filter((one) => this.among(one).length)
      .map((one) => element("option", { value: one, textContent: t(`roles.${one}`) })));
    this.role.value = role;
    this.fillNames();
    this.role.ariaLabel = t("role");
    this.name.ariaLabel = t("person");
    this.node.ariaLabel = this.person.name;
    this.heldWords.textContent = t("held");
    this.away.textContent = t("close");
    this.slash.ariaLabel = this.slash.title = t("commands");
    this.text.ariaLabel = t("write");
    this.text.placeholder = t("write");
    this.submit.textContent = t("send");
    this.fileWords.textContent = t("attach");
    this.hint.textContent = t("factor", this.person.factor);
    this.wall.ariaLabel = `${this.person.name} · ${t(this.inGroup ? "chat_group" : "chat_private")}`;
    this.group.hidden = !this.person.group;
    this.private.setAttribute("aria-pressed", String(!this.inGroup));
    this.group.setAttribute("aria-pressed", String(this.inGroup));
    this.follow();
  }

  fillNames() {
    const counts = this.stage.state?.counts || {};
    this.name.replaceChildren(...this.among(this.role.value).map((one) => {
      const fresh = one.id === this.who ? 0 : (counts[one.id] || 0) - (seen.get(one.id) || 0);
      const words = `${one.name} · ${one.branch}${fresh > 0 ? ` · ${t("unread", fresh)}` : ""}`;
      return element("option", { value: one.id, textContent: words });
    }));
    this.name.value = this.who;
  }

  follow() {
    const state = this.stage.state;
    if (!state) return;
    this.box.checked = state.held.includes(this.who);
    const asked = this.told?.messages.some((one) => one.own);
    this.hint.hidden = this.inGroup || !asked || state.enrolled.includes(this.who);
    for (const [tab, chat, key] of [[this.private, this.who, "chat_private"], [this.group, this.person.group, "chat_group"]]) {
      const fresh = (state.counts[chat] || 0) - (seen.get(chat) || 0);
      tab.replaceChildren(t(key));
      if (fresh > 0) tab.append(element("span", { className: "badge", textContent: fresh, title: t("unread", fresh) }));
    }
  }

  async load() {
    const [chat, who] = [this.chat, this.who];
    const asking = this.asking = (this.asking || 0) + 1;
    const told = await get(`/chat/${chat}?as=${who}`);
    if (asking !== this.asking) return; // a later answer is on its way, of this chat or another
    this.told = told;
    this.learn(told.menu);
    seen.set(chat, this.stage.state?.counts[chat] || 0);
    if (this.drawn !== chat) this.atEnd = true;
    this.drawn = chat;
    const at = this.wall.scrollTop;
    this.draw(told);
    this.wall.scrollTop = at;
    this.toEnd();
    this.opening.hidden = this.inGroup || (told.open && !told.blocked);
    this.opening.textContent = t(told.blocked ? "start" : "open");
    this.form.hidden = !told.open || told.blocked;
    this.follow();
  }

  toEnd() { if (this.atEnd) this.wall.scrollTop = this.wall.scrollHeight; }

  draw(told) {
    const focused = this.wall.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const texts = new Map(told.messages.map((one) => [one.id, one.text]));
    const nodes = [];
    let day = "";
    for (const one of told.messages) {
      if (one.service) continue;
      if (one.at.slice(0, 10) !== day) {
        day = one.at.slice(0, 10);
        nodes.push(element("div", { className: "day", textContent: shownDay(one.at) }));
      }
      nodes.push(this.bubble(one, texts));
    }
    if (!nodes.length) nodes.push(element("p", { className: "hint", textContent: t(told.open ? "empty" : "not_open") }));
    this.wall.replaceChildren(...nodes);
    if (focused) this.wall.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  bubble(one, texts) {
    const inside = element("div");
    if (one.reply && texts.has(one.reply)) inside.append(element("blockquote", { textContent: texts.get(one.reply) }));
    if (one.file) inside.append(fileNode(one));
    inside.append(...formatted(one.text, one.entities).flatMap((part) => (typeof part === "string" ? this.linked(part) : [part])));
    const marks = [one.at.slice(11, 16), one.edited ? t("edited") : "", one.silent ? t("silent") : ""];
    const sender = this.inGroup && !one.own ? `${one.from} · ` : "";
    inside.append(element("small", { textContent: sender + marks.filter(Boolean).join(" · ") }));
    const node = element("div", { className: one.own ? "bubble own" : "bubble" }, inside);
    if (one.buttons.length) node.append(this.keys(one));
    if (one.bot) {
      const answer = element("button", { type: "button", className: "answer", textContent: t("reply"), onclick: () => this.reply(one) });
      answer.dataset.key = `r${one.id}`;
      node.append(answer);
    }
    return node;
  }

  linked(text) { // a link to the bot opens the private chat, as apps do
    return text.split(/(https:\/\/t\.me\/[\w?=-]+)/).map((part, place) => (place % 2
      ? element("button", { type: "button", className: "link", textContent: part, onclick: () => this.turn(false) })
      : part));
  }

  keys(one) {
    return element("div", { className: "keys" }, ...one.buttons.map((row) => element("span", {}, ...row.map((button) => {
      const node = element("button", { type: "button", textContent: button.text, onclick: () => this.press(one, button) });
      node.dataset.key = `b${one.id}-${button.data || button.url}`;
      return node;
    }))));
  }

  press(one, button) {
    if (!button.data) return say(button.url);
    this.stage.acted.add(this.who);
    return act("press", { who: this.who, chat: this.chat, message: one.id, data: button.data, label: button.text });
  }

  reply(one) {
    this.replying = one && one.id;
    this.bar.hidden = !one;
    if (!one) return;
    this.bar.replaceChildren(t("replying", one.text.slice(0, 24)),
      element("button", { type: "button", textContent: t("cancel"), onclick: () => this.reply(null) }));
    this.text.focus();
  }

  offer() {
    this.text.value = this.menu.hidden ? "/" : "";
    this.suggest();
    this.text.focus();
  }

  learn(menu) { // a menu that comes late, or has changed, is offered to who has typed a slash already
    const news = JSON.stringify(menu) !== JSON.stringify(this.commands);
    this.commands = menu;
    if (news && this.text.value.startsWith("/") && !this.menu.contains(document.activeElement)) this.suggest();
  }

  suggest() {
    const typed = this.text.value;
    const found = typed.startsWith("/") ? (this.commands || []).filter((one) => `/${one.command}`.startsWith(typed)) : [];
    this.menu.hidden = !found.length;
    this.menu.ariaLabel = t("commands");
    this.menu.replaceChildren(...found.map((one) => element("button", {
      type: "button", textContent: `/${one.command}  ${one.description}`,
      onclick: () => { this.text.value = `/${one.command}`; this.write(); },
    })));
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.write(); }
    if (event.key === "ArrowUp" && !this.menu.hidden) { event.preventDefault(); this.menu.lastElementChild.focus(); }
    if (event.key === "Escape") { this.menu.hidden = true; this.reply(null); }
  }

  async write() {
    const text = this.text.value.trim();
    if (!text) return;
    this.text.value = "";
    this.suggest();
    const reply = this.replying;
    this.reply(null);
    this.text.focus();
    this.stage.acted.add(this.who);
    this.atEnd = true;
    if (!await act("send", { who: this.who, chat: this.chat, text, reply })) this.text.value = text;
  }

  async upload() {
    const file = this.file.files[0];
    if (!file) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    let content = "";
    for (let at = 0; at < bytes.length; at += 32768) content += String.fromCharCode(...bytes.subarray(at, at + 32768));
    await act("upload", { who: this.who, chat: this.chat, name: file.name, content: btoa(content) });
    this.file.value = "";
  }

  open() { return this.told.blocked ? act("start", { who: this.who }) : act("open", { telegram: this.who }); }
}

function fileNode(one) {
  const href = `/file/${one.file.id}`;
  if (one.file.photo) {
    return element("a", { href, target: "_blank", rel: "noopener" }, element("img", { src: href, alt: one.text || t("picture"), width: one.file.size[0], height: one.file.size[1] }));
  }
  return element("a", { href, className: "paper", download: one.file.name, textContent: one.file.name });
}

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "code" };

function formatted(text, entities) {
  const nodes = [];
  let at = 0;
  for (const one of entities) {
    const tag = TAGS[one.type];
    if (!tag || one.offset < at) continue;
    nodes.push(text.slice(at, one.offset), element(tag, { textContent: text.slice(one.offset, one.offset + one.length) }));
    at = one.offset + one.length;
  }
  nodes.push(text.slice(at));
  return nodes;
}
