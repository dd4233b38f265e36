"""What a question asks about a thing, when it asks about more than the thing itself.

"What did the summit cost?" and "Who paid for the summit?" are near every passage on the summit.
They are answered only by one that speaks of cost, or of paying. A frame pairs the words that
ask about such a matter with the words by which a passage speaks of it; after Fillmore's frame
semantics, with plain word lists. The lists err on the side of taking a passage as relevant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_INDIRECT = re.compile(r"(?:by |in |at )?(?:who|whom|what|which|when|where|how)\b")


@dataclass(frozen=True, slots=True)
class Frame:
    """A matter that can be asked about: its name for a reader, how it is asked for and told."""

    matter: str
    asked: re.Pattern[str]
    told: re.Pattern[str]

    @property
    def telling(self) -> str:
        """What a passage does that tells it: "say how long …", "speak of an award"."""
        return f"{'say' if _INDIRECT.match(self.matter) else 'speak of'} {self.matter}"


def _frame(matter: str, asked: str, told: str) -> Frame:
    return Frame(
        matter,
        re.compile(rf"\b(?:{asked})\b", re.IGNORECASE),
        re.compile(rf"\b(?:{told})", re.IGNORECASE),
    )


_TABLE: tuple[tuple[str, str, str], ...] = (
    (
        "who paid or funds it",
        r"(?:paid|pays?|paying) for|paid|fund(?:s|ed|ing|er|ers)?|financ(?:e|es|ed|ing|ially)|"
        r"sponsor(?:s|ed|ing)?|donors?|donat(?:e|es|ed|ions?)|bankroll(?:s|ed)?|grants?|subsid\w+|"
        r"financ(?:ó|ió|ia|é|er|ement)\w*|финансир\w*",
        r"fund|financ(?:e|ed|es|ing|ement)\b|financial (?:support|assist|aid|help|resource)|"
        r"sponsor|donor|donat|grant|paid|pay(?:s|ing)? for|subsid|contribution|resources|"
        r"supported by|финанс|资助|资金|تمويل",
    ),
    (
        "what it costs",
        r"budgets?|costs?|prices?|expens(?:e|es|ive)|salar(?:y|ies)|how much (?:money|did|does|"
        r"will)|"
        r"spen[dt]|fees?|coût\w*|coûte|presupuesto|cuesta|costó|бюджет\w*|стоил\w*",
        r"budget|cost|price|expen|salar|spen[dt]|fee\b|fees\b|[$€£]|dollar|euro|million|billion|"
        r"бюджет|预算|费用|ميزانية",
    ),
    (
        "who attended",
        r"attend(?:s|ed|ees?|ance)?|participants?|delegates?|audience|turnout|turned (?:up|out)|"
        r"(?:people|children|boys|girls|practitioners|experts|persons|who) (?:came|come|took part|"
        r"showed up)|"
        r"took part|were present|participó|participaron|ont participé",
        r"attend|particip|delegate|audience|took part|taking part|joined by|present\b|"
        r"bringing|gather|attract|convened|brought",
    ),
    (
        "when or by whom it was founded",
        r"found(?:ed|ers?|ing)|establish(?:ed)?|inception|set up|came into (?:being|existence)|"
        r"(?:was|were|is|first) (?:created|formed|launched|born)|originally (?:created|formed)|"
        r"fundad\w+|fondée?s?|основан\w*",
        r"found(?:ed|er|ing|ation)|establish|inception|set up|setting up|creat|form(?:ed|ation)\b|"
        r"launch|born\b|since (?:19|20)\d\d|first ever|decid|основ|成立|تأسس",
    ),
    (
        "who opposes it",
        r"oppos(?:e|es|ed|ing|ition)|reject(?:s|ed|ing|ion)?|object(?:s|ed|ing|ions?)? to|veto\w*|"
        r"boycott\w*|den(?:y|ies|ied)|disagree\w*|refus(?:e|es|ed|ing|al)|condemn\w*|criticis\w+|"
        r"criticiz\w+",
        r"oppos|reject|objection|veto|boycott|den(?:y|ies|ied)|disagree|refus|condemn|critici|"
        r"against|"
        r"deplor|denounc",
    ),
    (
        "a move or delay",
        r"moved? (?:to|from|its|the)|relocat\w+|postpon\w+|cancel\w*|delay\w*|rescheduled?|"
        r"called off|abandon\w*|suspend\w*|halt\w*|scrapp\w+",
        r"mov(?:e|ed|ing)\b|relocat|postpon|cancel|delay|reschedul|called off|abandon|suspen|halt|"
        r"scrapp|discontinu",
    ),
    (
        "an end or a ban",
        r"ban(?:s|ned|ning)?|prohibit\w*|forbid\w*|forbade|outlaw\w*|repeal\w*|revok\w*|rescind\w*|"
        r"abolish\w*|terminat\w+|(?:drop|dropped|drops) (?:the|its|their|out)|interdi[tr]\w*|"
        r"proh[ií]b\w+|запре[тщ]\w*",
        r"ban(?:s|ned|ning)?\b|prohibit|forbid|forbade|outlaw|repeal|revok|rescind|abolish|"
        r"terminat|end(?:ed|ing)\b|drop|illegal|unlawful|criminali|interdi|proh[ií]b|"
        r"запре|禁止|حظر",
    ),
    (
        "findings or results",
        r"(?:main|key|what) (?:findings?|results?|conclusions?)|"
        r"(?:findings?|conclusions?|results?) (?:of|from) (?:the|its|their|project)|"
        r"what (?:result|effect|outcome)s?|find out|found out|impact of",
        r"f(?:ind|ound)(?:s|ing|ings)?\b|result|conclu|reveal|show(?:s|ed|n|ing)?\b|highlight|"
        r"outcome|led to|lead(?:s|ing)? to|achiev|evidence|identif|demonstrat|confirm|impact|"
        r"effect|increas|reduc|improv|rais|learn|data\b",
    ),
    (
        "a change of hands",
        r"tak(?:e|es|ing) over|took over|replac(?:e|ed|es|ing)|succeed(?:ed|s)?|resign\w*|"
        r"step(?:ped|s|ping)? down|hand(?:ed)? over|withdr[aeo]w\w*|quit|"
        r"(?:who|which|has|have) left|"
        r"(?:did|does|will|would) (?:\w+ ){1,3}leave|expel\w*|"
        r"dismiss\w*|merged?|dissolv\w+",
        r"tak(?:e|es|ing) over|took over|replac|succe|resign|step(?:ped|s)? down|hand(?:ed|"
        r"ing)? over|"
        r"withdr|quit|left\b|leav|expel|dismiss|merg|dissol",
    ),
    (
        "who leads it",
        r"who (?:is|was|will be)? ?(?:chair|head|run|lead|led|direct|manag|presid|coordinat)\w*",
        r"chair|head(?:s|ed|ing)? (?:of|by|the)|runs?\b|run by|le(?:a)?d(?:s|ing|er|ership)?\b|"
        r"direct(?:or|ed)|manag|presid|coordinat|guidance",
    ),
    (
        "what was adopted or signed",
        r"adopt(?:s|ed|ion)?|ratif\w+|sign(?:s|ed|atories)|vote[ds]?|voting|pass(?:ed)? (?:a|the|"
        r"into)|"
        r"enacted?|enter(?:ed)? into force",
        r"adopt|ratif|sign(?:ed|ator|ature|ing)|vot(?:e|ing)|pass(?:ed|age)|enact|"
        r"enter(?:ed)? into force|"
        r"approv|endors|agree|resolution|encour|urge|call|invit",
    ),
    (
        "what was said",
        r"speech(?:es)?|quot(?:e|ed|es)|who spoke|speakers?|exact words|"
        r"in (?:her|his|their) (?:address|remarks|statement)|remarks?|testif\w+|"
        r"told (?:the|them|him|her)|keynote",
        r"speech|quot|remark|sa(?:id|ys?)\b|stat(?:ed|es|ement)|address|told|testif|spoke|keynote",
    ),
    (
        "which article or paragraph",
        r"(?:which|what) (?:articles?|paragraphs?|clauses?|provisions?|chapters?|amendments?)\b"
        r"(?! (?:begin|start|open|say|state|read|deal|cover|speak|mention|concern)s?\b)",
        r"(?:article|paragraph|clause|provision|chapter|amendment|para\.?)s? ?(?:\d|[IVX]+\b)",
    ),
    (
        "at what age",
        r"how old|what ages?|aged?|age (?:group|range|limit)s?|ages",
        r"age[ds]?\b|years? old|under \d|over \d|youth|minors?\b|adolesc",
    ),
    (
        "how long it takes",
        r"how long|duration|length of",
        r"(?:year|month|week|day|hour|decade|minute)s?\b|since\b|until\b|period|long-term|"
        r"(?:19|20)\d\d",
    ),
    (
        "how often it happens",
        r"how often|how frequently|how regularly|how many times",
        r"every|annual|year|month|week|dai?ly|regular|times|frequen|often|biennial|twice|once",
    ),
    (
        "where it is based",
        r"headquarter(?:s|ed)?|based in|is (?:\w+ ){0,4}based|main office|offices|seat of|"
        r"secretariat located|"
        r"which venue|what venue|which hotel",
        r"headquart|based in|based at|office|seat\b|secretariat|venue|hotel|located",
    ),
    (
        "a penalty or prosecution",
        r"fin(?:es|ed)|penalt\w+|sanction(?:s|ed)|arrest\w*|convict\w*|prosecut\w*|sentenced|"
        r"jail\w*|"
        r"prison|lawsuits?|sued?|court",
        r"fines?\b|fined|penalt|sanction|punish|arrest|convict|prosecut|sentenc|jail|prison|lawsuit|"
        r"sue[ds]?\b|"
        r"court",
    ),
    (
        "an award",
        r"awards?|prizes?|won|winn(?:er|ers|ing)|medals?|honou?red",
        r"award|prize|won\b|winn|medal|honou?r",
    ),
    (
        "training",
        r"(?<!the )train(?:s|ers?|ees?)?|trained(?! on)|trainings?(?! (?:and|cent|data|instit)\w*)|"
        r"workshops?|capacitaci\w+|обуч\w+",
        r"(?:un|re)?train|workshop|course|capacit|(?:up|re)?skill|educat|school|taught|teach|"
        r"curricul|learn|coach|mentor|instruct|seminar|webinar|lectur|lesson|class|pupil|apprentic|"
        r"atelier|formation|taller|обуч|тренинг|подготов|\w*(?:培训|تدريب)",
    ),
    (
        "in which language",
        r"(?:which|what|how many) (?:\w+ )?languages?|translat\w+",
        r"language|translat|english|french|spanish|arabic|russian|chinese|multilingual",
    ),
    (
        "who works there",
        r"(?:how many|number of|size of the|which) (?:\w+ )?(?:staff|employees|personnel|"
        r"volunteers)|who works? (?:for|at|there)|work(?:s|ed)? (?:for|at) (?:it|them)|salaried",
        r"staff|employ|personnel|volunteer|team|worker|posts?\b",
    ),
    (
        "how it was studied",
        r"methodolog\w+|methods?|sample size|interview(?:s|ed|ees?)?|survey(?:s|ed)?|"
        r"questionnaires?|"
        r"respondents?|interrogée?s?|encuestad\w+|entrevistad\w+",
        r"method|sampl|interview|survey|questionnaire|respond|consult|data collection|analys",
    ),
    (
        "casualties",
        r"died|die|deaths?|dead|killed|injur(?:ed|ies)|casualt(?:y|ies)|victims were|fatalit\w+",
        r"die[ds]?\b|death|dead|kill|injur|casualt|fatal|mortal|los[st]",
    ),
    (
        "a vote count",
        r"votes (?:in favou?r|against)|abstain\w*|abstentions?",
        r"vot|abst|in favou?r",
    ),
    (
        "a deadline",
        r"deadlines?|due date|by when|target date|end date|start date|expir\w+",
        r"deadline|due\b|by (?:the )?(?:end|year|\d|january|february|march|april|may|june|july|"
        r"august|"
        r"september|october|november|december)|until|no later|expir|target|(?:19|20)\d\d",
    ),
    (
        "how to join",
        r"how (?:can|do|does|could) (?:\w+ ){1,3}(?:join|apply|register|enrol|sign up)|appl(?:y|"
        r"ication)\b|eligib\w+",
        r"join|appl(?:y|ic)|regist|enrol|sign up|eligib|member",
    ),
    (
        "an action line of the WSIS",
        r"action lines?",
        r"action lines?\b|\bC ?(?:1[01]?|[2-9])\b|lignes? d.orientation|"
        r"líneas? de acción|направлени\w+ деятельности|行动方面|خطوط العمل",
    ),
    (
        "who wrote it",
        r"(?:who|which \w+) (?:wrote|authored|drafted|edited|compiled|designed|developed|built|"
        r"invented)|"
        r"authors?|author(?:ed)?",
        r"author|wr(?:ote|itten|iter)|draft|edit|compil|design|develop|built|invent|creat|by\b|"
        r"prepar",
    ),
)
FRAMES = tuple(_frame(*row) for row in _TABLE)


def unmet(question: str, passages: Iterable[str]) -> list[Frame]:
    """Matters that a question asks about and of which no passage speaks."""
    told = list(passages)
    asked = (frame for frame in FRAMES if frame.asked.search(question))
    return [frame for frame in asked if not any(frame.told.search(text) for text in told)]
