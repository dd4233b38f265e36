// Shows runs of text. Text reaches the page as text nodes only: nothing in it can become markup.
const KINDS = { mark: "mark", strong: "strong", cut: "span", isolated: "bdi" };

function run([text, kind], report) {
  if (kind === "text") return document.createTextNode(text);
  if (kind === "cite") return citation(Number(text), report);
  const element = document.createElement(KINDS[kind] ?? "span");
  element.className = kind;
  element.textContent = text;
  return element;
}

function citation(number, report) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cite";
  button.textContent = `[${number}]`;
  button.title = `Open source ${number}`;
  button.setAttribute("aria-label", `Open source ${number}`);
  button.onclick = () => report(number);
  return button;
}

function block({ style, runs }, report) {
  const paragraph = document.createElement(style === "passage" ? "blockquote" : "p");
  paragraph.className = style;
  paragraph.dir = style === "note" || style === "row" ? "ltr" : "auto";
  paragraph.append(...runs.map((item) => run(item, report)));
  return paragraph;
}

// Scrolls, once for each occasion, to the highlight or else to the start of the text. The wait
// lets what stands around it unfold first.
function bringIntoView(root, occasion) {
  if (!occasion || root.dataset.shownFor === occasion) return;
  root.dataset.shownFor = occasion;
  const mark = root.querySelector("mark");
  const block = mark ? "center" : "start";
  setTimeout(() => (mark ?? root).scrollIntoView({ block, behavior: "smooth" }), 350);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const report = (number) => setTriggerValue("cite", number);
  const root = parentElement.querySelector(".prose");
  root.replaceChildren(...data.blocks.map((item) => block(item, report)));
  bringIntoView(root, data.occasion);
}
