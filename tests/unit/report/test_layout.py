"""The layout file: it names what exists, and leaves no goal and no indicator out."""

from dagster_project.report.layout import Exhibit, load_layout
from dagster_project.report.reference import load_reference

LAYOUT = load_layout()
REFERENCE = load_reference().extended(LAYOUT.labels)
# Lists that a release fills: names of teams, projects, roles, waves and periods are no code lists.
OF_THE_RELEASE = {"team", "project", "role", "wave", "period"}


def exhibit(name: str) -> Exhibit:
    return next(e for e in LAYOUT.exhibits() if e.id == name)


def test_every_goal_has_a_chapter_of_its_own() -> None:
    goals = [chapter.goal for chapter in LAYOUT.chapters if chapter.goal]
    assert goals == list(REFERENCE.lists["goal"])


def test_every_exhibit_and_chapter_has_a_name_of_its_own() -> None:
    names = [e.id for e in LAYOUT.exhibits()] + [chapter.id for chapter in LAYOUT.chapters]
    assert sorted(names) == sorted({*names})


def test_every_list_that_a_table_names_exists() -> None:
    named = {e.table.rows.list for e in LAYOUT.exhibits()}
    named |= {e.table.group.list for e in LAYOUT.exhibits() if e.table.group}
    assert named - OF_THE_RELEASE <= set(REFERENCE.lists)


def test_every_percent_of_a_table_but_that_of_money_names_its_n() -> None:
    bare = {
        (e.id, column.measure)
        for e in LAYOUT.exhibits()
        for column in [*e.table.columns, *e.table.open_columns]
        if column.kind == "percent" and column.n is None
    }
    assert bare == {("grant_use", "used_percent")}


def test_the_tables_of_2021_have_the_heads_of_the_slide_deck_and_blank_zeros_in_the_first_column() -> None:
    for name in ("question", "proposal"):
        columns = [column for column in exhibit(name).table.columns if not column.bars]
        assert [column.title for column in columns] == ["Ej svar/Annan", "Kvinna", "Man", "Totalt"]
        assert [column.zero for column in columns] == ["blank", "show", "show", "show"]


def test_the_form_of_the_final_report_has_its_eight_sections() -> None:
    assert [section.id for section in LAYOUT.final_report] == [
        "general",
        "purpose",
        "goals",
        "deviations",
        "follow_up",
        "lessons",
        "system",
        "money",
    ]


def test_every_category_of_statements_has_a_section_in_the_form() -> None:
    named = {category for section in LAYOUT.final_report for category in section.categories}
    assert named == set(REFERENCE.lists["observation_category"])
