"""A small HTTP server with the shape of the real one, for the chat's tests.

It holds three submissions (plain, hostile, Arabic), records what it is asked, and answers
by a word in the question: see ``SCENARIOS``. Quotes are cut from the texts by offset.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Json = dict[str, Any]

CALM = """Executive Summary

Throughout 2023, ECPAT International has continued to be an active leader in civil society \
initiatives to ensure the implementation of the outcomes of the World Summit. Across the world, \
ECPAT is leading and working in cross-sector partnerships to deliver research, build civil \
society capacity, shape grassroots advocacy and build campaigns.

Part three: Innovative policies, programmes and projects

1. Coordination and Convening

- Convening and mobilizing civil society from Eastern and Southern Africa to discuss the policy \
and programming uptake of research on online child sexual abuse and exploitation.
- Engaging in discuss with the online gaming sector to integrate a gender lens in their safety \
and wellbeing policy.
- In 2023, ECPAT continues to chair the Civil Society Sector Reference Group within the \
WeProtect Global Alliance;
- Organisation of the first ever ECPAT Global Boys Summit in Casablanca in June 2023, bringing \
practitioners together to co-design action for boys, and including consideration of the digital \
environments.

2. Research and data collection on the role of technology in facilitating exploitation

- Collaborating with civil society partners in the EU to conduct EU, UK and global research and \
data collection on child and adult views on children's rights in the information society.
- Leading legal analysis for the second phase of the Disrupting Harm initiative in cooperation \
with INTERPOL and UNICEF Innocenti Research Centre, in 12 countries.

(b) Future actions or initiatives

- ECPAT through its global boys initiative will continue to engage the online gaming sector to \
define concrete actions for increased child safety in online gaming settings.
"""

ATTACK = (
    '<script>document.title="owned"</script> <img src=x onerror=alert(1)> '
    "![pic](https://evil.example/p.png) [click](http://evil.example) **bold** _it_ `code`\n"
    "https://evil.example www.evil.example me@evil.example <https://evil.example>\n"
    "# not a heading\n$x^2$ :smile: :material/home: :streamlit: :red[x] :orange-background[y] "
    "a -> b -- c &amp; ~~gone~~ | t |\n\n    not code\n1. not a list"
)
HOSTILE = f"Before it all stands a calm line.\n\n{ATTACK}\n\nAfter it all stands another."

ARABIC_QUOTE = "عُقد الاجتماع الأول في تونس في 16 نوفمبر 2005 بمشاركة 174 دولة."
ARABIC = f"ملخص تنفيذي\n\nتقرير عن تنفيذ نتائج القمة (WSIS).\n{ARABIC_QUOTE}\nثم صدر التقرير."

TEXTS = {"calm-1": CALM, "hostile/2": HOSTILE, "arabic-3": ARABIC}
ENTITIES = {
    "calm-1": "ECPAT International",
    "hostile/2": "Evil [x](https://evil.example) <b>Org</b> :smile:",
    "arabic-3": "المنظمة العربية",
}

SUBMISSIONS: list[Json] = [
    {
        "id": name,
        "title": "Submission on progress made in 2023",
        "entity": ENTITIES[name],
        "entity_type": kind,
        "session": session,
        "year": year,
        "language": language,
        "filename": "file.txt",
        "pages": None,
        "characters": len(TEXTS[name]),
        "chunks": 9,
        "url": f"/submissions/{name}/text",
    }
    for name, kind, session, year, language in [
        ("calm-1", "civil_society", 27, 2023, "en"),
        ("hostile/2", None, None, None, "en"),
        ("arabic-3", "international_organization", 26, 2022, "ar"),
    ]
]

# A picture of one dot.
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

SUMMIT = "Organisation of the first ever ECPAT Global Boys Summit in Casablanca in June 2023"
CHAIR = "ECPAT continues to chair the Civil Society Sector Reference Group"
GAMING = "ECPAT through its global boys initiative will continue to engage the online gaming sector"


def citation(name: str, quote: str, number: int, **changes: Any) -> Json:
    start = TEXTS[name].index(quote)
    listed = next(item for item in SUBMISSIONS if item["id"] == name)
    section = ["Part three: Innovative policies", "1. Coordination and Convening"]
    return {
        "number": number,
        "submission_id": name,
        "entity": listed["entity"],
        "title": listed["title"],
        "session": listed["session"],
        "year": listed["year"],
        "section": section,
        "page": None,
        "printed_page": None,
        "start": start,
        "end": start + len(quote),
        "quote": quote,
        "score": 0.5,
        "url": f"/submissions/{name}/text#c{start}",
    } | changes


def sentence(text: str, *numbers: int, verdict: str = "quoted") -> Json:
    return {"text": text, "citations": list(numbers), "verdict": verdict}


def _answered(citations: list[Json], sentences: list[Json], **changes: Any) -> Json:
    return {"status": "answered", "citations": citations, "sentences": sentences} | changes


SCENARIOS: dict[str, Json] = {
    "summit": _answered(
        [
            citation(
                "calm-1",
                SUMMIT,
                1,
                page=3,
                printed_page="iv",
                locations=[
                    {"page": 3, "printed_page": "iv", "boxes": [[0.1, 0.8, 0.9, 0.82]]},
                    {"page": 4, "printed_page": "v", "boxes": [[0.1, 0.1, 0.5, 0.12]]},
                ],
            ),
            citation("calm-1", CHAIR, 2),
        ],
        [
            sentence(f"According to ECPAT International, “{SUMMIT}”.", 1),
            sentence(f"ECPAT International also states that {CHAIR}.", 2),
        ],
    ),
    "hostile": _answered(
        [citation("hostile/2", ATTACK, 1, section=["**Bold** part", ATTACK[:60]])],
        [sentence(f"According to Evil Org, {ATTACK}", 1)],
        warnings=["A warning with [x](https://evil.example) in it."],
    ),
    "arabic": _answered(
        [citation("arabic-3", ARABIC_QUOTE, 1, section=["الجزء الأول", "ملخص تنفيذي"])],
        [sentence(f"According to المنظمة العربية, “{ARABIC_QUOTE}”", 1)],
    ),
    "drafted": _answered(
        [citation("calm-1", SUMMIT, 1), citation("calm-1", CHAIR, 2)],
        [
            sentence("According to ECPAT International, boys met.", 1, verdict="supported"),
            sentence(f"ECPAT International also states: “{CHAIR}”", 2),
        ],
        mode="generative",
        model="openai:tiny_one",
    ),
    "fell back": _answered(
        [citation("calm-1", SUMMIT, 1)],
        [sentence(f"According to ECPAT International, “{SUMMIT}”", 1)],
        warnings=["The language model did not write this: it is down."],
    ),
    "participants": {
        "status": "partial",
        "answer": "Related passages were found in 3 submissions, none of which states a number.",
        "nearest": [citation("calm-1", SUMMIT, 0)],
        "confidence": 0.55,
    },
    "budget": {
        "status": "not_found",
        "answer": "Nothing in the 3 submissions searched answers this question.",
        "nearest": [citation("calm-1", CHAIR, 0), citation("calm-1", GAMING, 0)],
        "confidence": 0.08,
    },
}


def answer(body: Json) -> Json:
    question = str(body["question"])
    scenario = next((SCENARIOS[word] for word in SCENARIOS if word in question.lower()), None)
    scenario = scenario or SCENARIOS["summit"]
    sentences = scenario.get("sentences", [])
    marked = " ".join(
        item["text"] + "".join(f" [{number}]" for number in item["citations"]) for item in sentences
    )
    return {
        "answer_id": "a1b2c3",
        "snapshot": "5f0c9d2e",
        "config": "c0ffee",
        "mode": "extractive",
        "model": None,
        "question": question,
        "standalone_question": f"{question} (ECPAT)" if body["history"] else question,
        "answer": marked,
        "sentences": sentences,
        "citations": [],
        "confidence": 0.92,
        "nearest": [],
        "filters": body["filters"],
        "warnings": [],
        "timings_ms": {"total": 12.5},
    } | scenario


class StubServer:
    """Runs on a free loopback port; ``asked`` holds every request body of ``POST /ask``.

    ``drawn`` holds the page and the query of each picture that was fetched.
    """

    def __init__(self) -> None:
        self.asked: list[Json] = []
        self.keys: list[str | None] = []
        self.drawn: list[tuple[str, str]] = []
        self.texts = dict(TEXTS)
        handler = type("Handler", (_Handler,), {"stub": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@contextmanager
def running() -> Iterator[StubServer]:
    server = StubServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


class _Handler(BaseHTTPRequestHandler):
    stub: StubServer

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        parts = [unquote(part) for part in address.path.split("/")[1:]]
        if parts == ["submissions"]:
            self._json({"submissions": SUBMISSIONS, "snapshot": "5f0c9d2e"})
        elif len(parts) == 4 and parts[2] == "pages":
            self.stub.drawn.append((parts[3], address.query))
            self._send(200, "image/png", DOT)
        elif len(parts) == 3 and parts[1] in self.stub.texts:
            values = parse_qs(address.query)
            text = self.stub.texts[parts[1]]
            start, end = int(values["start"][0]), min(int(values["end"][0]), len(text))
            found = {"submission_id": parts[1], "start": start, "end": end, "length": len(text)}
            self._json(found | {"text": text[start:end]})
        else:
            self._problem(404, "Not found", f"Nothing at {address.path}")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.stub.asked.append(body)
        self.stub.keys.append(self.headers.get("Authorization"))
        if "too long" in body["question"]:
            self._problem(422, "Question too long", "Ask in at most 2,000 characters.")
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self._event("status", {"stage": "retrieve"})
        if "falls over" in body["question"]:
            self._event("error", {"title": "Model gone", "detail": "Retry later.", "status": 503})
            return
        found = answer(body)
        if "fell back" in body["question"]:
            self._event("status", {"stage": "drafting"})
            self._event("sentence", sentence("A draft that is withdrawn.", 1, verdict="supported"))
            self._event("status", {"stage": "starting_over"})
        for item in found["sentences"]:
            self._event("sentence", item)
        if "breaks off" not in body["question"]:
            self._event("answer", found)

    def _event(self, name: str, data: Json) -> None:
        self.wfile.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def _problem(self, status: int, title: str, detail: str) -> None:
        document = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        self._json(document, status, "application/problem+json")

    def _json(self, value: Json, status: int = 200, kind: str = "application/json") -> None:
        self._send(status, kind, json.dumps(value, ensure_ascii=False).encode())

    def _send(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Keeps the test output quiet."""
