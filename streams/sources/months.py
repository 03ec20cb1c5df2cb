"""The names of the months as feeds write them: in full, in the form that stands behind a day, and abbreviated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

LANGUAGES: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan feb mar apr may june july aug sept oct nov dec",
    ),
    "ar": ("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",),
    "bg": ("януари февруари март април май юни юли август септември октомври ноември декември",),
    "cs": ("ledna února března dubna května června července srpna září října listopadu prosince",),
    "da": ("januar februar marts april maj juni juli august september oktober november december",),
    "de": (
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jänner feber mär apr mai jun jul aug sep okt nov dez",
        "jän feb mrz apr mai jun jul aug sept okt nov dez",
    ),
    "el": (
        "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου "
        "δεκεμβρίου",
        "ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος "
        "δεκέμβριος",
        "ιαν φεβ μάρ απρ μάϊ ιούν ιούλ αύγ σεπ οκτ νοέ δεκ",
        "ιαν φεβ μαρ απρ μαϊ ιουν ιουλ αυγ σεπτ οκτ νοε δεκ",
        "ιαν φεβ μαρ απρ μάι ιον ιουλ αυγ σεπ οκτ νοε δεκ",
        "ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
    ),
    "es": (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago set oct nov dic",
    ),
    "et": ("jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",),
    "fi": (
        "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
        "marraskuuta joulukuuta",
    ),
    "fr": (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv févr mars avr mai juin juil aoû sept oct nov déc",
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    ),
    "he": ("ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",),
    "hu": ("január február március április május június július augusztus szeptember október november december",),
    "id": (
        "januari februari maret april mei juni juli agustus september oktober november desember",
        "jan feb mar apr mei jun jul agt sep okt nov des",
    ),
    "it": (
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "gen feb mar apr mag giu lug ago set ott nov dic",
    ),
    "lt": ("sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",),
    "lv": ("janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",),
    "nl": (
        "januari februari maart april mei juni juli augustus september oktober november december",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
    ),
    "no": ("januar februar mars april mai juni juli august september oktober november desember",),
    "pl": (
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    ),
    "pt": (
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "jan fev mar abr mai jun jul ago set out nov dez",
    ),
    "ro": ("ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",),
    "ru": (
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "янв фев мар апр май июн июл авг сен окт ноя дек",
        "янв февр март апр май июнь июль авг сент окт нояб дек",
    ),
    "sk": ("januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",),
    "sv": ("januari februari mars april maj juni juli augusti september oktober november december",),
    "tr": (
        "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
        "oca şub mar nis may haz tem ağu eyl eki kas ara",
    ),
    "uk": (
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
        "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
        "січ лют бер кві тра чер лип сер вер жов лис гру",
        "січ лют бер квіт трав черв лип серп верес жовт листоп груд",
    ),
}
"""Language to rows of twelve; a name means one month only, whatever language it is met in (a test proves it)."""


def names() -> Iterator[tuple[str, int]]:
    """Every name in small letters with the number of its month."""
    for rows in LANGUAGES.values():
        for row in rows:
            yield from zip(row.split(), range(1, 13), strict=True)


def number(name: str) -> int | None:
    """The month of a name in any case, by its first three letters where the whole is not known; None for no month."""
    low = name.lower()
    return _NUMBERS.get(low) or _NUMBERS.get(low[:3])


_NUMBERS: Final = dict(names())
