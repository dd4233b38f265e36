"""Documents made of the blocks that submissions are made of, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

HEADINGS = (
    "Executive Summary",
    "Part two: Trends and Experiences",
    "Part three: Innovative policies, programmes and projects",
    "1. Coordination and Convening",
    "2. Research and data collection",
    "2.1 Data",
    "(a) Actions",
    "(b) Future actions or initiatives",
    "IV. Outlook",
    "COMMISSION ON SCIENCE AND TECHNOLOGY FOR DEVELOPMENT",
    "Submission by",
    "# Marked heading",
    "### Marked deeper",
    "الجزء الثاني: الاتجاهات",
    "结论",
)
_SENTENCES = (
    "Dr. J. Smith of the U.N. met No. 5 of the group, e.g. in Geneva.",
    "This is in line with SDGs 5.2 and 16.2 (see para. 7).",
    "“We act now!” they said… and left?",
    "هل نحن نعمل على حماية الأطفال؟ نعم، في كل مكان.",
    "我们保护儿童的权利。这很重要！为什么？",
    "« Nous agissons. » Mme Dupont l'a dit à 15 h.",
    "В 2023 г. план принят. Итоги, т.е. цифры, ниже.",
    "**Bold words** stand beside a [link](https://example.org/a_(b)) and ![](x.png).",
    "artificially generated children",
    "is now established.",
    "a | b | c",
    "|---|---|---|",
    "| one | two | three |",
    "word-",
    "DISCLAIMER: The views are the contributors'.",
)
_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
_LONG = st.sampled_from(["x" * 900, "界" * 400, "https://example.org/" + "path/" * 80, "é̃" * 300])
_RUN_IN = st.sampled_from(["Technology – ", "Data protection - ", "Society: "]).map(
    lambda head: head + "the same technology serves and harms, as was said before. " * 4
)
_PARAGRAPH = st.lists(st.sampled_from(_SENTENCES) | _WORDS, min_size=1, max_size=30).map(" ".join)
_BULLET = st.tuples(st.sampled_from(["- ", "• ", "* ", "1. ", "(a) ", "– "]), _PARAGRAPH).map(
    "".join
)
_BLANKS = st.sampled_from(["", " ", "\n\n\n", "\t \u00a0", "\f", "\r\n", "\u2028", "\x0b\x1c"])
_BLOCK = st.one_of(st.sampled_from(HEADINGS), _RUN_IN, _PARAGRAPH, _BULLET, _LONG, _BLANKS)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A document of at most 14 blocks, apart by lines, blank lines or page breaks."""
    blocks = draw(st.lists(_BLOCK, min_size=1, max_size=14))
    return "".join(block + draw(st.sampled_from(["\n", "\n\n", "\n\f"])) for block in blocks)
