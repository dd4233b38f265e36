"""The support check on minimal pairs: a sentence that passes, one that must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.embedder import HashedBagOfWords
from corpus.multilingual import MultilingualEmbedder
from corpus.transformer import SentenceTransformerEmbedder
from rag.entailment import CrossEncoder
from rag.support import Evidence, Finding, SupportCheck
from rag.verify import Verifier

SUMMIT = (
    "Organisation of the first ever ECPAT Global Boys Summit in Casablanca in June 2023, bringing "
    "practitioners together to co-design action for boys."
)
ANALYSIS = (
    "Leading legal analysis for the second phase of the Disrupting Harm initiative in cooperation "
    "with INTERPOL and UNICEF Innocenti Research Centre, in 12 countries."
)
GAMING = (
    "ECPAT through its global boys initiative will continue to engage the online gaming sector to "
    "define concrete actions for increased child safety in online gaming settings."
)
LABS = "The ministry opened 35 per cent of the 1,200 planned laboratories, at a cost of $4 million."
TRAINED = "In 2022 UNESCO trained the teachers of three ministries in Senegal."
RULES = "The new rules may reduce the number of complaints, but they do not apply to small firms."
POWER = "Connectivity fell in rural districts after the subsidy ended."


@pytest.fixture(scope="session")
def verifier(minilm: SentenceTransformerEmbedder, multilingual: MultilingualEmbedder) -> Verifier:
    return Verifier(
        minilm, multilingual, [("E2EE", "End-to-End Encryption")], entailment=CrossEncoder()
    )


def held(
    check: SupportCheck,
    sentence: str,
    quote: str,
    *section: str,
    entity: str = "ECPAT International",
) -> Finding:
    return check.check(sentence, [Evidence(quote, entity, section)])


PAIRS = [
    # rule, quote, sentence that it supports, the same with one thing wrong
    (
        "number",
        ANALYSIS,
        "ECPAT leads legal analysis for phase two of Disrupting Harm in twelve countries.",
        "ECPAT leads legal analysis for phase two of Disrupting Harm in twenty countries.",
    ),
    (
        "number",
        LABS,
        "Of 1200 planned laboratories the ministry opened 35%.",
        "Of 1200 planned laboratories the ministry opened 53%.",
    ),
    (
        "number",
        LABS,
        "Opening the laboratories cost the ministry 4 million dollars.",
        "Opening the laboratories cost the ministry 4 billion dollars.",
    ),
    (
        "number",
        LABS,
        "Opening the laboratories cost the ministry $4 million.",
        "Opening the laboratories cost the ministry €4 million.",
    ),
    (
        "year",
        SUMMIT,
        "In June 2023 ECPAT held its first Global Boys Summit in Casablanca.",
        "In June 2022 ECPAT held its first Global Boys Summit in Casablanca.",
    ),
    (
        "month",
        SUMMIT,
        "In June 2023 ECPAT held its first Global Boys Summit in Casablanca.",
        "In July 2023 ECPAT held its first Global Boys Summit in Casablanca.",
    ),
    (
        "name",
        SUMMIT,
        "The first ECPAT Global Boys Summit was organised in Casablanca.",
        "The first ECPAT Global Boys Summit was organised in Marrakesh.",
    ),
    (
        "name",
        SUMMIT,
        "The first ECPAT Global Boys Summit was organised in Casablanca.",
        "The first ECPAT Global Girls Summit was organised in Casablanca.",
    ),
    (
        "name",
        ANALYSIS,
        "ECPAT cooperates with INTERPOL on legal analysis for Disrupting Harm.",
        "ECPAT cooperates with Europol on legal analysis for Disrupting Harm.",
    ),
    (
        "negation",
        RULES,
        "The new rules do not apply to small firms.",
        "The new rules apply to small firms.",
    ),
    (
        "negation",
        TRAINED,
        "UNESCO trained teachers of three ministries in Senegal.",
        "UNESCO never trained teachers of three ministries in Senegal.",
    ),
    (
        "possibility",
        "Parents are not allowed to inspect the files that schools keep.",
        "Parents are not allowed to inspect the files of schools.",
        "Parents may inspect the files that schools keep.",
    ),
    (
        "possibility",
        RULES,
        "The new rules might reduce the number of complaints.",
        "The new rules reduce the number of complaints.",
    ),
    (
        "plan",
        GAMING,
        "ECPAT will continue to engage the online gaming sector on concrete actions for safety.",
        "ECPAT has engaged the online gaming sector on concrete actions for safety.",
    ),
    (
        "plan",
        TRAINED,
        "In 2022 UNESCO trained teachers of three ministries in Senegal.",
        "In 2022 UNESCO planned to train teachers of three ministries in Senegal.",
    ),
    (
        "opposite",
        POWER,
        "After the subsidy ended, connectivity in rural districts fell.",
        "After the subsidy ended, connectivity in rural districts rose.",
    ),
    (
        "opposite",
        POWER,
        "Connectivity in rural districts fell after the subsidy ended.",
        "Connectivity in rural districts fell before the subsidy ended.",
    ),
    (
        "roles",
        TRAINED,
        "The teachers of three ministries in Senegal were trained by UNESCO.",
        "The teachers of three ministries in Senegal trained UNESCO.",
    ),
    (
        "attribution",
        SUMMIT,
        "According to ECPAT, the first Global Boys Summit took place in Casablanca in June 2023.",
        "According to UNESCO, the first Global Boys Summit took place in Casablanca in June 2023.",
    ),
    (
        "content",
        SUMMIT,
        "Practitioners came together at the Global Boys Summit to co-design action for boys.",
        "Practitioners at the Global Boys Summit paid for their hotel rooms and travel themselves.",
    ),
]


@pytest.mark.parametrize(("rule", "quote", "right", "wrong"), PAIRS)
def test_what_the_quote_says_is_supported_and_one_thing_changed_is_not(
    rule: str, quote: str, right: str, wrong: str, verifier: Verifier
) -> None:
    kept = held(verifier, right, quote)
    assert kept.supported, kept
    assert kept.reasons == ()
    dropped = held(verifier, wrong, quote)
    assert not dropped.supported, dropped
    assert dropped.reasons


def test_a_reason_names_what_does_not_hold(verifier: Verifier) -> None:
    found = held(verifier, "ECPAT leads legal analysis in 15 countries with Europol.", ANALYSIS)
    assert "“15”" in found.reasons[0]
    assert any("“Europol”" in reason for reason in found.reasons)


def test_a_plan_is_known_by_its_heading(verifier: Verifier) -> None:
    quote = "Expand the work of the Dynamic Coalition on children's rights."
    heading = "(b) Future actions or initiatives"
    assert held(verifier, "ECPAT plans to expand the Dynamic Coalition's work.", quote, heading)
    done = "ECPAT has expanded the work of the Dynamic Coalition on children's rights."
    assert not held(verifier, done, quote, heading).supported


def test_short_forms_stand_for_what_the_corpus_says(verifier: Verifier) -> None:
    quote = "E2EE is a battleground for the United Nations."
    assert held(verifier, "End-to-end encryption is a battleground for the UN.", quote).supported


def test_evidence_counts_together(verifier: Verifier) -> None:
    sentence = (
        "The Global Boys Summit was held in Casablanca, and the legal analysis in 12 countries."
    )
    both = [Evidence(SUMMIT, "ECPAT International"), Evidence(ANALYSIS, "ECPAT International")]
    assert not verifier.check(sentence, both[:1]).supported
    assert verifier.check(sentence, both).supported


@pytest.mark.parametrize("quote", ["", "  \n "])
def test_an_empty_quote_supports_nothing(quote: str, verifier: Verifier) -> None:
    assert not held(verifier, "ECPAT leads legal analysis.", quote).supported
    assert not verifier.check("ECPAT leads legal analysis.", []).supported
    assert not held(verifier, " ", ANALYSIS).supported


@given(st.text(min_size=1, max_size=200))
def test_a_quote_supports_itself(text: str) -> None:
    fake = HashedBagOfWords()
    found = held(Verifier(fake, fake), text, text)
    assert found.supported == bool(text.strip()), found


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_two_texts_get_a_finding(sentence: str, quote: str) -> None:
    fake = HashedBagOfWords()
    found = held(Verifier(fake, fake), sentence, quote)
    assert 0 <= found.score <= 1
    assert found.supported or found.reasons


def test_numbers_and_names_hold_across_languages(verifier: Verifier) -> None:
    right = "ECPAT dirige el análisis jurídico de la segunda fase de Disrupting Harm en 12 países."
    assert held(verifier, right, ANALYSIS).supported
    assert not held(verifier, right.replace("12", "15"), ANALYSIS).supported
    assert not held(verifier, right.replace("Disrupting Harm", "Safe Harbour"), ANALYSIS).supported
    other = "El clima de la región es seco durante la mayor parte del verano."
    assert not held(verifier, other, ANALYSIS).supported


def test_a_short_quote_taken_for_another_language_is_read_as_the_sentence_is(
    verifier: Verifier,
) -> None:
    quote = "Cooperation with Paniamor Costa Rica on the e-mentores initiative in 4 provinces."
    wrong = "Cooperation with Paniamor Costa Rica on the e-mentores initiative in 5 provinces."
    evidence = [Evidence(quote, "ECPAT International", language="es")]
    assert verifier.check(quote.replace("Cooperation", "Cooperating"), evidence).supported
    assert not verifier.check(wrong, evidence).supported


def test_one_word_in_the_place_of_another_is_found(verifier: Verifier) -> None:
    quote = "The ministry considers broadband essential for rural clinics in the north."
    right = "The ministry considers broadband crucial for rural clinics in the north."
    wrong = "The ministry considers broadband superfluous for rural clinics in the north."
    assert held(verifier, right, quote).supported
    assert not held(verifier, wrong, quote).supported


def test_names_that_change_places_are_found(verifier: Verifier) -> None:
    quote = "In 2023, ECPAT continues to chair the Reference Group within the WeProtect Alliance."
    right = "The Reference Group within the WeProtect Alliance is chaired by ECPAT."
    wrong = "The WeProtect Alliance continues to chair the Reference Group within ECPAT."
    assert held(verifier, right, quote).supported
    assert not held(verifier, wrong, quote).supported
    lead = "INTERPOL leads legal analysis in 12 countries in cooperation with ECPAT International."
    assert not held(verifier, lead, ANALYSIS).supported


LONG = [
    "The secretariat opposed the fee, and members asked for more time.",
    "The police asked for access to messages, which the ministry opposed.",
    "Most rural schools are connected; the Fund pays for it.",
]


@pytest.mark.parametrize(
    ("sentence", "is_doubtful"),
    [
        ("The secretariat opposed the fee and members asked for more time.", False),
        ("The ministry asked for access and the police opposed it.", True),
        ("All rural schools are connected and the ministry pays for it.", True),
    ],
)
def test_of_more_quotes_than_it_learned_on_what_does_not_follow_is_doubtful(
    sentence: str, is_doubtful: bool, verifier: Verifier
) -> None:
    found = verifier.check(sentence, [Evidence(quote, "A Ministry") for quote in LONG])
    assert found.doubtful or not found.supported if is_doubtful else found.supported
    assert found.doubtful == (is_doubtful and found.supported)


@pytest.mark.parametrize(("likely", "doubted"), [(0.9, False), (0.2, True), (None, True)])
def test_quotes_longer_than_it_learned_on_are_judged_by_likeness(
    likely: float | None, doubted: bool
) -> None:
    check = Verifier(HashedBagOfWords(), HashedBagOfWords(), entailment=Certain(likely))
    many = [Evidence(quote, "A Ministry") for quote in (LABS, TRAINED, POWER)]
    for evidence in (many, [Evidence(LABS * 10, "A Ministry")]):
        seen = check.examine("The ministry opened many laboratories.", evidence)
        assert seen.entailed is None
        assert seen.doubted == doubted


class Certain:
    """An ``Entailment`` that says one thing and keeps what it was asked."""

    def __init__(self, likely: float | None) -> None:
        self.likely = likely
        self.asked: list[tuple[str, str]] = []

    def probability(self, passage: str, claim: str) -> float | None:
        self.asked.append((passage, claim))
        return self.likely


def test_the_cross_encoder_reads_short_forms_for_long_ones(
    minilm: SentenceTransformerEmbedder, multilingual: MultilingualEmbedder
) -> None:
    certain = Certain(0.9)
    check = Verifier(minilm, multilingual, [("E2EE", "End-to-End Encryption")], certain)
    held(check, "End-to-end encryption is a battleground.", "E2EE is the battleground.", entity="A")
    assert certain.asked == [("A: E2EE is the battleground.", "E2EE is a battleground.")]


@pytest.mark.parametrize(
    ("likely", "supported", "doubtful"),
    [(0.99, True, False), (0.4, True, True), (0.001, False, False)],
)
def test_what_is_supported_with_little_certainty_is_doubtful(
    likely: float,
    supported: bool,
    doubtful: bool,
    minilm: SentenceTransformerEmbedder,
    multilingual: MultilingualEmbedder,
) -> None:
    check = Verifier(minilm, multilingual, entailment=Certain(likely))
    finding = held(check, "Connectivity fell in rural districts.", POWER)
    assert (finding.supported, finding.doubtful) == (supported, doubtful)


def test_a_translation_and_what_likeness_decides_are_never_doubtful(verifier: Verifier) -> None:
    """Their scores have other scales."""
    spanish = "Organización de la primera Cumbre Mundial de Niños de ECPAT en Casablanca en 2023."
    assert not held(verifier, spanish, SUMMIT).doubtful
    own = "La conectividad cayó en los distritos rurales al terminar el subsidio."
    quote = "La conectividad cayó en los distritos rurales después de que terminara el subsidio."
    finding = verifier.check(own, [Evidence(quote, "Un Ministerio", language="es")])
    assert finding.supported and not finding.doubtful


@pytest.mark.parametrize(
    ("quote", "right", "wrong"),
    [
        (
            "The treaty does not prohibit end-to-end encryption.",
            "End-to-end encryption is not prohibited by the treaty.",
            "The treaty prohibits end-to-end encryption.",
        ),
        (
            "The network trains teachers.",
            "Teachers are trained by the network.",
            "The network is trained by teachers.",
        ),
        (
            "Member States have yet to ratify the protocol.",
            "Member States have not ratified the protocol.",
            "Member States have ratified the protocol.",
        ),
        (
            "The guidelines were yet to be published.",
            "The guidelines were not published.",
            "The guidelines were published.",
        ),
        (
            "Nobody opposed the draft.",
            "No one opposed the draft.",
            "Somebody opposed the draft.",
        ),
        (
            "A large proportion of victims are boys.",
            "Many of the victims are boys.",
            "All victims are boys.",
        ),
        (
            "The authority may fine operators.",
            "Operators may be fined by the authority.",
            "The authority must fine operators.",
        ),
        # Words for "not" that both have say nothing.
        (
            "The law does not prohibit violence against children.",
            "Violence against children is not prohibited by the law.",
            "The law prohibits violence against children.",
        ),
        (
            "The law protects unaccompanied children.",
            "Unaccompanied children are protected by the law.",
            "The law does not protect unaccompanied children.",
        ),
        (
            "The app could collect data on children.",
            "The app might gather data on children.",
            "The app gathers data on children.",
        ),
    ],
)
def test_what_differs_in_little_is_told_apart(
    quote: str, right: str, wrong: str, verifier: Verifier
) -> None:
    assert held(verifier, right, quote).supported
    assert not held(verifier, wrong, quote).supported


@pytest.mark.parametrize(("probability", "counts"), [(0.6, False), (0.2, True)])
@pytest.mark.parametrize(
    ("quote", "told", "reason"),
    [
        ("Possession of such images remains legal.", "Such images are not banned.", "negation"),
        ("After the subsidy, costs rose.", "After the subsidy, costs fell.", "opposite"),
        ("UNESCO trained the teachers.", "The teachers trained UNESCO.", "trained"),
    ],
)
def test_rules_on_what_can_be_told_otherwise_count_where_there_is_doubt(
    quote: str, told: str, reason: str, probability: float, counts: bool
) -> None:
    check = Verifier(HashedBagOfWords(), HashedBagOfWords(), entailment=Certain(probability))
    found = check.examine(told, [Evidence(quote, "ECPAT International")])
    assert any(reason in one for one in found.reasons) == counts, found.reasons


def test_a_number_or_a_name_that_the_quote_has_not_counts_whatever_else_is_found() -> None:
    check = Verifier(HashedBagOfWords(), HashedBagOfWords(), entailment=Certain(0.99))
    evidence = [Evidence(ANALYSIS, "ECPAT International")]
    assert check.examine("ECPAT leads legal analysis in 15 countries.", evidence).reasons
    assert check.examine("ECPAT leads analysis with Europol.", evidence).reasons
