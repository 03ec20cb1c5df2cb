"""Names of months: twelve in every row, and none that means two."""

from streams.sources import months


def test_every_row_names_all_twelve() -> None:
    assert all(len(row.split()) == 12 for rows in months.LANGUAGES.values() for row in rows)


def test_a_name_means_one_month_in_all_languages() -> None:
    meant: dict[str, int] = {}
    for name, number in months.names():
        assert meant.setdefault(name, number) == number, name


def test_a_longer_form_is_known_by_its_beginning() -> None:
    assert months.number("OCTOBRIS") == 10
    assert months.number("smarch") is None
