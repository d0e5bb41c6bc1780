"""Names in every script: each is set, read back and in its order, or its character is named."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

import pypdfium2
import pytest

from saikne.court_letter import compose_letter
from saikne.register_worksheet import Person, compose_worksheet
from saikne.typesetting import CharacterNotSet
from saikne.wording import LANGUAGES, sentence
from tests.client.test_court_letter import FACTS
from tests.client.test_register_worksheet import PRINTED_ON, SHEET

SET = {
    "Latvian": "Ķēniņš Šķērslis-Žagariņa Ģirts Ļoļa Čūska",
    "Livonian": "Pǟrnõ Ȭvȭ Ṭōḑ",
    "Latin of Europe": "Łukasz Żółć Ñandú Çağrı Øyvind Þór Ŷ ĦŒŐŰ ẞ",
    "Vietnamese": "Nguyễn Thị Đặng Hoàng Ỵ",
    "Latin of Africa": "Ọlátúnjí Ɓaɗe Ŋgũgĩ Ʋɔɖɛ",
    "Latin of Asia": "Əliyeva Ḥusayn Ṣāliḥ ʻAlī",
    "Cyrillic": "Щербаков Їжак Ђорђе Љубиша Ўладзімір",
    "Cyrillic of Asia": "Қасымова Ғалым Өмүрбек Ҷамшед Ԥ",
    "Greek": "Παπαδοπούλου Ἀθηνᾶ",
    "Georgian": "ნინო ბერიძე",
    "Georgian capitals": "ᲜᲘᲜᲝ",
    "Armenian": "Արամ Խաչատրյան",
    "Hebrew": "משה כהן",
    "Arabic": "محمد حسن",
    "Persian": "رضا کریمی",
    "Urdu": "ٹھاکر",
    "Devanagari": "कृष्णा देवी",
    "Bengali": "রহমান",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ",
    "Gujarati": "ગુજરાત",
    "Oriya": "ଓଡ଼ିଆ",
    "Tamil": "தமிழ்",
    "Telugu": "తెలుగు",
    "Kannada": "ಕನ್ನಡ",
    "Malayalam": "മലയാളം",
    "Sinhala": "සිංහල",
    "Thai": "สมชาย",
    "Lao": "ສົມ",
    "Myanmar": "အောင်",
    "Khmer": "សុខា",
    "Ethiopic": "አበበ",
    "Cherokee": "ᏣᎳᎩ",
    "Chinese": "王小明",
    "Chinese, traditional": "陳麗華",
    "Chinese, rare": "𠮷野",
    "Japanese": "さくら アヤ々",
    "Korean": "김철수",
    "Bopomofo": "ㄅㄆ",
}
NOT_SET = {
    "Syriac": "ܡܪܝܡ",
    "Thaana": "އަހުމަދު",
    "Tibetan": "བསྟན",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
    "Tifinagh": "ⵜⵉⴼ",
    "Inuktitut": "ᐃᓄᒃ",
    "N'Ko": "ߒߞߏ",
    "Javanese": "ꦗꦮ",
    "Balinese": "ᬩᬮᬶ",
    "Ol Chiki": "ᱥᱟᱱ",
    "Yi": "ꆈꌠ",
    "Cuneiform": "𒀀",
    "nobody's": "Anna\ue000",
    "unassigned": "Anna\u0378",
    "a control": "Anna\x07",
    "zero": "Anna\0",
    "half a character": "Anna\ud83d",
}
Compose = Callable[[tuple[str, ...]], bytes]
RIGHT_TO_LEFT = ("Hebrew", "Arabic", "Persian", "Urdu")


def letter_of(names: tuple[str, ...]) -> bytes:
    return compose_letter(replace(FACTS, family=names))


def worksheet_of(names: tuple[str, ...]) -> bytes:
    children = {f"AG-2001-B{no}": Person(name, "32867300679") for no, name in enumerate(names, start=1)}
    return compose_worksheet(replace(SHEET, children=children), PRINTED_ON)


def said(made: bytes) -> str:
    document = pypdfium2.PdfDocument(made)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


@pytest.mark.parametrize("compose", [letter_of, worksheet_of])
def test_a_name_is_set_and_can_be_read_back(compose: Compose) -> None:
    unread: dict[str, str] = {}
    every = iter(SET.items())
    while some := list(islice(every, 10)):
        read = said(compose(tuple(name for _, name in some)))
        unread |= {script: name for script, name in some if [one for one in name.split() if one not in read]}
    assert unread == {}


@pytest.mark.parametrize("compose", [letter_of, worksheet_of])
@pytest.mark.parametrize("script", NOT_SET)
def test_a_character_that_no_font_has_is_named(compose: Compose, script: str) -> None:
    with pytest.raises(CharacterNotSet) as refused:
        compose((NOT_SET[script],))
    number = str(refused.value.facts["found"]).partition(" ")[0]
    character = chr(int(number.removeprefix("U+"), 16))
    assert character in NOT_SET[script]
    assert unicodedata.name(character, "") in str(refused.value.facts["found"])
    for language in LANGUAGES:
        told = sentence(refused.value.code, language, **refused.value.facts)
        told.encode()
        assert number in told


def places(made: bytes, name: str) -> list[float]:
    """Where each letter of a name stands on the first page's line, in the order of reading."""
    document = pypdfium2.PdfDocument(made)
    text = document[0].get_textpage()
    found = text.search(name).get_next()
    assert found is not None
    start, count = found
    lefts = [text.get_charbox(at)[0] for at in range(start, start + count)]
    document.close()
    return lefts


@pytest.mark.parametrize("compose", [letter_of, worksheet_of])
@pytest.mark.parametrize("script", RIGHT_TO_LEFT)
def test_a_name_from_right_to_left_is_set_so(compose: Compose, script: str) -> None:
    lefts = places(compose((SET[script],)), SET[script].split(" ")[0])
    assert lefts == sorted(lefts, reverse=True)
    assert lefts[0] > lefts[-1]


def test_names_from_right_to_left_stand_in_the_order_of_the_family() -> None:
    letter = letter_of(("משה", "שרה", "Anna"))
    first, second, third = (places(letter, name)[0] for name in ("משה", "שרה", "Anna"))
    assert first < second < third


def test_the_same_name_gives_the_same_bytes() -> None:
    assert letter_of((SET["Chinese"], SET["Arabic"])) == letter_of((SET["Chinese"], SET["Arabic"]))
