"""The pages of a report: which there are, what they say, and that they need nothing but themselves."""

import json
import re
from pathlib import Path

import duckdb
import pytest

from dagster_project.report import build_open_report, build_report
from dagster_project.report.reference import load_reference
from dagster_project.report.source import Source

from .conftest import Built
from .releases import Page, empty_release, read_page, small_open_release, small_release


def pages(built: Built) -> list[Path]:
    return [path for path in built.written if path.suffix == ".html"]


def fragments(built: Built, area: str) -> dict[str, dict[str, dict[str, str]]]:
    text = (built.folder / "assets" / f"omrade-{area}.js").read_text(encoding="utf-8")
    call = re.fullmatch(r'(?://.*\n)?trisam\.receive\("([\w]+)",(.*)\);\n', text, re.DOTALL)
    assert call is not None
    assert call[1] == area
    parts: dict[str, dict[str, dict[str, str]]] = json.loads(call[2])
    return parts


def test_there_is_a_page_per_quarter_and_a_form_per_authority_and_municipality(report: Built) -> None:
    names = {path.relative_to(report.folder).as_posix() for path in pages(report)}
    assert names == {
        "index.html",
        "kvartal/2021Q3.html",
        "kvartal/2021Q4.html",
        *(f"slutrapport/{code}.html" for code in ("AF", "FK", "RG", "2180", "2199")),
    }


def test_the_builder_names_every_file_it_wrote(report: Built, bare_report: Built, open_report: Built) -> None:
    for built in (report, bare_report, open_report):
        found = {path for path in built.folder.rglob("*") if path.is_file()}
        assert found == set(built.written)


def test_the_numbers_of_a_table_are_those_of_the_release(report: Built) -> None:
    table = read_page(report.folder / "index.html").table("question")
    assert table.rows[0][:5] == ["Frågeställning", "Ej svar/Annan", "Kvinna", "Man", "Totalt"]
    label = "Vårdinsats/bedömning (medicinska bedömningar, utredningar, behandlingar)"
    assert table.row(label)[:4] == ["", "1\u00a0245", "124", "1\u00a0369"]
    assert table.row("Totalt")[:4] == ["1", "1\u00a0251", "131", "1\u00a0383"]
    assert [row[0] for row in table.rows[1:]][-1] == "Totalt"


def test_n_stands_beside_a_percent(report: Built) -> None:
    table = read_page(report.folder / "index.html").table("participation")
    assert table.row("Alla parter") == ["77,8\u00a0% n = 9", "12,5\u00a0% n = 8", "– n = 0"]


def test_a_fall_is_written_with_an_en_dash(report: Built) -> None:
    table = read_page(report.folder / "index.html").table("support_by_party")
    assert table.row("Försäkringskassan")[2:] == ["–8,2", "–9,0\u00a0% n = 100"]


def test_every_choice_of_area_and_period_has_its_own_tables(report: Built) -> None:
    parts = fragments(report, "2180")["p"]["2021"]
    table = Page(parts["question"]).tables[0]
    assert table.row("Totalt")[:4] == ["", "3", "2", "5"]
    team = Page(parts["case_volume"]).tables[0]
    assert team.row("Team Öst")[:3] == ["4", "1", "5"]
    quarter = fragments(report, "21")["p"]["2021Q3"]
    assert Page(quarter["question"]).tables[0].rows[1][2] == "2"


def test_periods_that_say_the_same_have_the_same_table_each_under_its_own_caption(tmp_path: Path) -> None:
    release = small_release(tmp_path / "trisam.duckdb")
    with duckdb.connect(str(release)) as con:
        con.execute(
            "insert into indicators.question by name select * replace ('reporting' as period_type, 'PROGRAM' as period) "
            "from indicators.question where period = '2021'"
        )
        con.execute(
            "insert into indicators.question by name select * replace ('2022' as period, total_count + 1 as total_count) "
            "from indicators.question where period = '2021'"
        )
    parts = fragments(Built(tmp_path / "report", build_report(release, tmp_path)), "2180")["p"]
    year, programme, later = (parts[period]["question"] for period in ("2021", "r-PROGRAM", "2022"))
    caption = re.compile("<caption>.*?</caption>")
    assert caption.findall(year) == ["<caption>Gävle, 2021</caption>"]
    assert caption.findall(programme) != caption.findall(year)
    assert caption.sub("", programme) == caption.sub("", year)
    assert Page(later).tables[0].row("Totalt")[3] == "6"


def test_what_the_page_shows_first_is_what_choosing_it_again_would_show(report: Built) -> None:
    html = (report.folder / "index.html").read_text(encoding="utf-8")
    parts = fragments(report, "21")["p"]["2021"]
    assert parts["question"] in html
    assert parts["tal-"] in html


def test_a_municipality_and_a_code_that_no_list_knows_are_shown_by_their_code(report: Built) -> None:
    table = Page(fragments(report, "2199")["p"]["2021"]["question"]).tables[0]
    assert table.row("NY_KOD")[:4] == ["", "0", "1", "1"]
    assert "2199" in read_page(report.folder / "slutrapport" / "2199.html").text


def test_the_published_figure_stands_beside_the_computed_one(report: Built) -> None:
    page = read_page(report.folder / "index.html")
    table = next(t for t in page.tables if t.rows[0][1:] == ["Publicerat", "Beräknat", "Utfall"])
    assert table.row("Vårdinsats/bedömning, totalt, 2021") == ["369", "1\u00a0369", "Avviker"]
    assert "0 av 1 publicerade värden stämmer" in page.text


def test_a_published_figure_names_its_project_in_words(report: Built) -> None:
    page = read_page(report.folder / "index.html")
    table = next(t for t in page.tables if any("beviljat" in row[0] for row in t.rows))
    assert table.row("Trisam Gävle, beviljat")[2] == "Stämmer"


def test_the_definition_of_an_indicator_is_one_click_away(report: Built) -> None:
    html = (report.folder / "index.html").read_text(encoding="utf-8")
    assert re.search(r"<details[^>]*><summary>Så räknas det</summary>\s*<p>.*Nya ärenden efter fråga\.", html)


def test_a_cell_of_themes_leads_to_its_statements(report: Built) -> None:
    page = read_page(report.folder / "index.html")
    assert "#tema-REKO-2180" in page.links
    assert "tema-REKO-2180" in page.ids
    assert "är rättad" in page.text
    assert "dr rattad" not in page.text


def test_themes_stand_in_the_order_of_their_swedish_names(report: Built) -> None:
    page = read_page(report.folder / "index.html")
    matrix = next(t for t in page.tables if t.rows[0][0] == "Tema")
    assert [row[0] for row in matrix.rows[1:]] == [
        "Rehabkoordinator saknas",
        "Ärendemängd och vägar in till Trisam",
    ]


def test_staffing_is_drawn_for_the_period_that_the_page_shows_first(report: Built) -> None:
    page = read_page(report.folder / "index.html")
    drawn = next(t for t in page.tables if t.rows[0][1:] == ["Planerat", "Faktiskt"])
    assert drawn.row("Försäkringskassan, Utredare") == ["3,60", "2,70"]
    assert drawn.row("Gävle, Handläggare") == ["0,50", "1,00"]
    assert "helårsarbeten · 2021" in page.text


def test_waves_of_the_survey_stand_in_order_of_time_and_in_words(report: Built) -> None:
    page = read_page(report.folder / "index.html")
    drawn = next(t for t in page.tables if t.rows[0][1:] == ["Svarsfrekvens", "Andel redo"])
    assert [row[0] for row in drawn.rows[1:]] == ["Våren 2021", "Hösten 2021", "OVRIG"]


def test_a_period_within_a_sentence_begins_with_a_small_letter(report: Built) -> None:
    assert "Gävleborgs län, kvartal 4 2021" in read_page(report.folder / "kvartal" / "2021Q4.html").text


def test_text_of_a_delivery_is_never_markup(report: Built) -> None:
    for path in pages(report):
        assert "<script>alert" not in path.read_text(encoding="utf-8")


def test_a_final_report_is_filled_in_with_grants_statuses_and_statements(report: Built) -> None:
    page = read_page(report.folder / "slutrapport" / "2180.html")
    for known in (
        "Trisam Gävle (I-1)",
        "580\u00a0690\u00a0kr",
        "Uppfyllt",
        "är rättad",
        "7. Systemfel",
        "8. Ekonomi",
        "Svarsfrekvens och redo att arbeta eller studera",
    ):
        assert known in page.text


def test_a_final_report_marks_what_a_person_must_write(report: Built) -> None:
    page = read_page(report.folder / "slutrapport" / "2199.html")
    assert "Uppgifter saknas. Beskriv avvikelser" in page.text


def test_a_quarterly_report_holds_its_quarter_and_leads_to_its_neighbours(report: Built) -> None:
    page = read_page(report.folder / "kvartal" / "2021Q4.html")
    assert "1\u00a0200" in page.text
    assert "2021Q3.html" in page.links
    assert "2021Q5.html" not in page.links


def test_every_page_needs_no_network(report: Built, open_report: Built, bare_report: Built) -> None:
    for built in (report, open_report, bare_report):
        for path in built.written:
            assert "://" not in path.read_text(encoding="utf-8"), path.name


def test_every_link_leads_to_a_file_or_a_place_that_exists(report: Built, bare_report: Built) -> None:
    for built in (report, bare_report):
        for path in pages(built):
            page = read_page(path)
            for link in page.links:
                target, _, place = link.partition("#")
                if target and not target.startswith("data:"):
                    assert (path.parent / target).resolve().is_file(), link
                assert not place or target or place in page.ids, link


def test_no_id_of_a_page_is_given_twice(report: Built, open_report: Built) -> None:
    for built in (report, open_report):
        for path in pages(built):
            ids = read_page(path).ids
            assert sorted(ids) == sorted(set(ids)), path.name


def test_a_release_without_tables_still_has_a_page(bare_report: Built) -> None:
    page = read_page(bare_report.folder / "index.html")
    assert "Det finns ännu inga uppgifter att visa." in page.text
    assert "Ärenden i Trisam" in page.text


def test_a_withheld_value_stands_as_two_dots_in_the_open_report(open_report: Built) -> None:
    page = read_page(open_report.folder / "index.html")
    question = page.table("question")
    assert question.rows[0] == ["Frågeställning", "Kvinna", "Man och ej svar/annan", "Totalt"]
    assert question.rows[1][1:] == ["20", "..", ".."]
    assert question.row("Totalt") == ["20", "0", "20"]
    consent = page.table("consent")
    assert consent.row("Arbetsförmedlingen") == ["30", "..", ".."]
    assert consent.row("Försäkringskassan") == ["0", "0", "– n = 0"]


def test_a_municipality_of_the_open_report_has_only_the_columns_it_is_offered(open_report: Built) -> None:
    table = Page(fragments(open_report, "2180")["p"]["2021"]["question"]).tables[0]
    assert table.rows == [["Frågeställning", "Totalt"], ["Totalt", "9"]]


def test_a_figure_that_a_municipality_is_not_offered_is_left_out(open_report: Built) -> None:
    assert "tal-" in fragments(open_report, "21")["p"]["2021"]
    assert "tal-" not in fragments(open_report, "2180")["p"]["2021"]


def test_a_final_report_ends_with_what_was_published_of_the_party(report: Built) -> None:
    assert "1 av 1 publicerade värden stämmer" in read_page(report.folder / "slutrapport" / "2180.html").text
    assert "Bilaga" not in read_page(report.folder / "slutrapport" / "2199.html").text


def test_the_open_report_has_no_teams_statements_quarters_or_final_reports(open_report: Built) -> None:
    page = read_page(open_report.folder / "index.html")
    for absent in ("Ärenden per team", "Vad parterna säger", "Kvartalsrapporter", "Slutrapporter"):
        assert absent not in page.text


@pytest.mark.parametrize("open_release", [False, True])
def test_the_same_release_gives_the_same_bytes(tmp_path: Path, open_release: bool) -> None:
    release = tmp_path / "release.duckdb"
    (small_open_release if open_release else small_release)(release)
    build = build_open_report if open_release else build_report
    first, second = (build(release, tmp_path / name) for name in ("one", "two"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_an_open_database_given_along_makes_the_open_report_too(tmp_path: Path) -> None:
    release = empty_release(tmp_path / "trisam.duckdb")
    open_release = empty_release(tmp_path / "trisam_open.duckdb", "open")
    written = build_report(release, tmp_path, open_db=open_release)
    assert tmp_path / "report" / "index.html" in written
    assert tmp_path / "report-open" / "index.html" in written


def test_the_areas_with_most_consultations_are_those_that_have_charts(tmp_path: Path) -> None:
    with Source(small_release(tmp_path / "trisam.duckdb"), load_reference()) as source:
        assert source.largest_areas(2) == {"21", "2180"}
        assert source.largest_areas(9) == {"21", "2180", "2199"}
