"""Which rows go to quarantine, with which reason, column, row number and value."""

import pytest

from tests.integration.ingestion.conftest import House, pnr

PERSON = pnr("19820101")
CASE = ["arende_id", "personnummer", "konsultationsdatum", "arendetyp", "team_id", "kommunkod", "kon",
        "initierande_part", "fragestallning", "atgardsforslag", "egen_fragestallning"]  # fmt: skip
SUPPORT = ["personnummer", "manad", "kon", "belopp_kr", "huvudinkomst"]
BENEFIT = ["personnummer", "ersattning", "fran", "till", "omfattning"]


def case(number: int, **changed: str) -> list[str]:
    row = dict(
        zip(
            CASE,
            [f"A{number}", PERSON, "2021-05-01", "NY", "T1", "2180", "K", "AF", "VARD", "GK", "J"],
            strict=True,
        )
    )
    return list((row | changed).values())


def padded(house: House, path: str, header: list[str], bad: list[list[str]], good: list[list[str]]) -> None:
    """A delivery whose bad rows come first and stay below five per cent."""
    house.put_csv(path, header, [*bad, *good])


GOOD_CASES = [case(1000 + n) for n in range(400)]


def support(serial: int, **changed: str) -> list[str]:
    row = dict(zip(SUPPORT, [pnr("19820101", serial), "2021-05", "K", "100", "J"], strict=True))
    return list((row | changed).values())


def test_every_bad_value_has_its_reason(house):
    bad = [
        case(2, arendetyp=""),
        case(3, konsultationsdatum="2021-02-29"),
        case(4, konsultationsdatum="2021-13-01"),
        case(5, konsultationsdatum="1/5 2021"),
        case(6, kon="X"),
        case(7, kommunkod="9999"),
        case(8, kommunkod="218"),
        case(9, egen_fragestallning="kanske"),
        case(10, personnummer=PERSON[:-1] + str((int(PERSON[-1]) + 1) % 10)),
        case(11, personnummer="19821301-9999"),
        case(12, konsultationsdatum="2022-01-01"),
        case(13, konsultationsdatum="2020-12-31"),
        case(14, arende_id=" \u00a0"),
    ]
    padded(house, "rg/arenden_2021.csv", CASE, bad, GOOD_CASES)
    assert house.ingest().rejected == ()
    assert house.faults() == [
        (2, "arendetyp", "missing_required", None),
        (3, "konsultationsdatum", "bad_date", "2021-02-29"),
        (4, "konsultationsdatum", "bad_date", "2021-13-01"),
        (5, "konsultationsdatum", "bad_date", "1/5 2021"),
        (6, "kon", "bad_code", "X"),
        (7, "kommunkod", "bad_municipality", "9999"),
        (8, "kommunkod", "bad_municipality", "218"),
        (9, "egen_fragestallning", "bad_flag", "kanske"),
        (10, "personnummer", "bad_personnummer", "198201******"),
        (11, "personnummer", "bad_personnummer", "198213******"),
        (12, "konsultationsdatum", "outside_period", "2022-01-01"),
        (13, "konsultationsdatum", "outside_period", "2020-12-31"),
        (14, "arende_id", "missing_required", None),
    ]
    assert house.counts("rg/arenden_2021.csv") == (413, 400, 0, 13)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("0", "out_of_range"), ("-5", "out_of_range"), ("0,00", "out_of_range"), ("tolv", "bad_number"),
        ("1.234,50", "bad_number"), ("12 34", "bad_number"), ("1e5", "bad_number"), ("NaN", "bad_number"),
        ("inf", "bad_number"), ("--1", "bad_number"), ("1,2,3", "bad_number"), ("9" * 400, "bad_number"),
    ],
)  # fmt: skip
def test_numbers_that_are_none_and_numbers_out_of_range(written, reason, numbers):
    assert numbers[written] == reason


@pytest.fixture(scope="module")
def numbers(tmp_path_factory) -> dict[str, str]:
    house = House(tmp_path_factory.mktemp("numbers"))
    written = ["0", "-5", "0,00", "tolv", "1.234,50", "12 34", "1e5", "NaN", "inf", "--1", "1,2,3", "9" * 400]
    good = [[pnr(f"1970{1 + n // 28:02d}{1 + n % 28:02d}"), "2021-05", "K", "1", "J"] for n in range(300)]
    bad = [[PERSON, "2021-05", "K", text, "J"] for text in written]
    house.put_csv("kommun-2180/forsorjningsstod_2021.csv", SUPPORT, [*bad, *good])
    house.ingest()
    found = house.query(
        "select row_number, reason from quality.quarantined_row where column_name = 'belopp_kr'"
    )
    return {written[number - 2]: reason for number, reason in found}


def test_months_lie_in_a_period_by_their_first_day(house):
    good = [[pnr(f"1970{1 + n // 28:02d}{1 + n % 28:02d}"), "2021-02", "K", "1", "J"] for n in range(100)]
    rows = [support(980, manad="2021-13"), support(981, manad="2021-01"), support(982, manad="2021-03-01")]
    house.put_csv("kommun-2180/forsorjningsstod_20210102-20210228.csv", SUPPORT, [*rows, *good])
    house.ingest()
    assert house.faults() == [
        (2, "manad", "bad_month", "2021-13"),
        (3, "manad", "outside_period", "2021-01"),
        (4, "manad", "bad_month", "2021-03-01"),
    ]


def test_the_year_zero_is_no_year(house):
    good = [[pnr(f"1970{1 + n // 28:02d}{1 + n % 28:02d}"), "2021-02", "K", "1", "J"] for n in range(100)]
    months = [support(980, manad="0000-01"), support(981, manad="000001")]
    house.put_csv("kommun-2180/forsorjningsstod_2021.csv", SUPPORT, [*months, *good])
    house.put_csv(
        "af/ersattning_2021.csv", BENEFIT, [row[:5] for row in spells(("0000-12-31", "", "50", ""))]
    )
    house.ingest()
    assert house.faults() == [
        (2, "fran", "bad_date", "0000-12-31"),
        (2, "manad", "bad_month", "0000-01"),
        (3, "manad", "bad_month", "000001"),
    ]


def test_a_row_lists_all_its_reasons(house):
    padded(
        house, "rg/arenden_2021.csv", CASE,
        [case(1, personnummer="x", kon="", kommunkod="1", konsultationsdatum="2022-01-01")], GOOD_CASES,
    )  # fmt: skip
    house.ingest()
    assert [(row[1], row[2]) for row in house.faults()] == [
        ("kommunkod", "bad_municipality"), ("kon", "missing_required"),
        ("konsultationsdatum", "outside_period"), ("personnummer", "bad_personnummer"),
    ]  # fmt: skip
    assert house.counts("rg/arenden_2021.csv")[3] == 1


def spells(*changed: tuple[str, str, str, str]) -> list[list[str]]:
    good = [
        [pnr(f"1970{1 + n // 28:02d}{1 + n % 28:02d}"), "AKASSA", "2021-05-01", "", "100"] for n in range(200)
    ]
    return [[pnr("19820101", 980 + n), "AKASSA", *row] for n, row in enumerate(changed)] + good


def test_spells_overlap_the_period_and_end_after_they_start(house):
    rows = spells(
        ("2021-03-01", "2021-02-28", "50", ""),
        ("2020-01-01", "2020-12-31", "50", ""),
        ("2022-01-01", "", "50", ""),
        ("2020-01-01", "", "50", ""),
        ("2020-01-01", "2021-01-01", "50", ""),
        ("2021-12-31", "2025-01-01", "50", ""),
        ("", "2020-01-01", "50", ""),
        ("2020-01-01", "2020-99-01", "50", ""),
        ("2021-03-01", "2021-03-01", "0,9", ""),
        ("2021-03-01", "2021-03-01", "100,1", ""),
    )
    house.put_csv("af/ersattning_2021.csv", BENEFIT, [row[:5] for row in rows])
    house.ingest()
    assert house.faults() == [
        (2, "till", "bad_order", "2021-02-28"),
        (3, "fran", "outside_period", "2020-01-01"),
        (4, "fran", "outside_period", "2022-01-01"),
        (8, "fran", "missing_required", None),
        (9, "till", "bad_date", "2020-99-01"),
        (10, "omfattning", "out_of_range", "0,9"),
        (11, "omfattning", "out_of_range", "100,1"),
    ]


def test_each_end_has_its_start(house):
    people = [pnr(f"1970{1 + n // 28:02d}{1 + n % 28:02d}") for n in range(100)]
    house.put_csv(
        "kommun-2180/planering_2021.csv", ["personnummer", "forsta_kontakt", "planeringsdatum"],
        [[PERSON, "2021-03-02", "2021-03-01"], *([p, "2020-03-02", "2021-03-02"] for p in people)],
    )  # fmt: skip
    house.put_csv(
        "af/samtycke_2021.csv", ["personnummer", "part", "samtyckesdatum", "aterkallat_datum"],
        [[PERSON, "AF", "2021-03-02", "2021-03-01"], *([p, "AF", "2021-03-02", "2024-03-02"] for p in people)],
    )  # fmt: skip
    house.put_csv(
        "rg/team_2021.csv", ["team_id", "enhet", "enhetstyp", "kommunkod", "team_fran", "team_till"],
        [["T", "E", "HC", "2180", "2021-03-02", "2021-03-01"],
         *([f"T{n}", "E", "HC", "2180", "", "2021-03-01"] for n in range(100))],
    )  # fmt: skip
    house.put_csv(
        "finsam/medel_2021.csv", ["insats_id", "insats", "fran", "till", "beviljat_kr", "utnyttjat_kr"],
        [["I", "E", "2021-03-02", "2021-03-01", "1", "1"],
         *([f"I{n}", "E", "1999-03-02", "1999-03-02", "1", "0"] for n in range(100))],
    )  # fmt: skip
    house.ingest()
    found = house.query(
        "select dataset, row_number, column_name, reason from quality.quarantined_row order by 1"
    )
    assert found == [
        ("medel", 2, "till", "bad_order"), ("planering", 2, "planeringsdatum", "bad_order"),
        ("samtycke", 2, "aterkallat_datum", "bad_order"), ("team", 2, "team_till", "bad_order"),
    ]  # fmt: skip


def test_equal_rows_collapse_and_other_content_under_one_key_conflicts(house):
    rows = [
        case(1), case(1), case(1, kon="kvinna"),
        case(2), case(2, kon="M"), case(2, kon="M"),
        case(3), case(3, kon="?"),
        case(4, personnummer=""), case(4, personnummer=""),
    ]  # fmt: skip
    padded(house, "rg/arenden_2021.csv", CASE, rows, GOOD_CASES)
    house.ingest()
    assert house.faults() == [
        (5, "arende_id", "conflicting_key", "A2"),
        (6, "arende_id", "conflicting_key", "A2"),
        (9, "kon", "bad_code", "?"),
    ]
    assert house.counts("rg/arenden_2021.csv") == (410, 403, 4, 3)
    assert house.query("select row_number from raw.arenden where arende_id < 'A5' and row_number < 12 order by 1") == [
        (2,), (8,), (10,),
    ]  # fmt: skip


def test_the_same_key_in_two_deliveries_is_no_conflict(house):
    house.put_csv("af/ersattning_2020.csv", BENEFIT, [[PERSON, "AKASSA", "2020-05-01", "", "100"]])
    house.put_csv("af/ersattning_2021.csv", BENEFIT, [[PERSON, "AKASSA", "2020-05-01", "2021-05-01", "50"]])
    house.ingest()
    assert house.faults() == []
    assert house.query("select count(*) from raw.ersattning") == [(2,)]


def test_a_conflicting_person_shows_six_digits(house):
    people = [pnr(f"1970{1 + n // 28:02d}{1 + n % 28:02d}") for n in range(100)]
    rows = [
        [PERSON, "2021-05-01", "FLYTT"],
        [PERSON[2:], "210501", "ANNAT"],
        *([p, "2021-05-01", "ANNAT"] for p in people),
    ]
    house.put_csv("kommun-2180/avslut_2021.csv", ["personnummer", "avslutsdatum", "orsak"], rows)
    house.ingest()
    assert house.faults() == [
        (2, "personnummer", "conflicting_key", "198201******"),
        (3, "personnummer", "conflicting_key", "820101******"),
    ]


def test_a_conflicting_key_shows_what_stands_in_the_file_without_a_person_and_no_more_than_is_read(house):
    long = "Å" * 300
    keys = [PERSON, f"nr {PERSON[2:8]}-{PERSON[8:]}", long]
    rows = [case(1, arende_id=key, kon=gender) for key in keys for gender in ("kvinna", "man")]
    padded(house, "rg/arenden_2021.csv", CASE, rows, GOOD_CASES)
    house.ingest()
    assert [shown for _, _, _, shown in house.faults()] == [
        "198201******", "198201******", "nr 820101******", "nr 820101******", long[:200], long[:200],
    ]  # fmt: skip


def test_rows_with_a_wrong_number_of_fields(house):
    lines = [
        ";".join(CASE),
        "",
        ";".join(case(1)),
        "a;b",
        ";".join([*case(2), "x"]),
        ";;",
        "   ",
        ";".join(case(3)),
    ]
    lines += [";".join(row) for row in GOOD_CASES]
    house.put("rg/arenden_2021.csv", "\n".join(lines) + "\n\n\n")
    house.ingest()
    assert house.faults() == [
        (4, None, "wrong_column_count", "2 fields instead of 11"),
        (5, None, "wrong_column_count", "12 fields instead of 11"),
    ]
    assert house.query("select row_number from raw.arenden where arende_id in ('A1', 'A3') order by 1") == [
        (3,),
        (8,),
    ]
    assert house.counts("rg/arenden_2021.csv") == (404, 402, 0, 2)


def test_row_numbers_count_records_as_a_person_sees_them(house):
    broken = case(1, arende_id='"två\nrader"', kon="X")
    lines = ["", ";".join(CASE), ";".join(case(5)), ";".join(broken), "", ";".join(case(6, kon="Y"))]
    lines += [";".join(row) for row in GOOD_CASES]
    house.put("rg/arenden_2021.csv", "\r\n".join(lines))
    house.ingest()
    assert [(row[0], row[3]) for row in house.faults()] == [(4, "X"), (6, "Y")]


def test_five_per_cent_in_quarantine_load_and_one_row_more_rejects(house):
    house.put_csv("rg/arenden_2021.csv", CASE, [case(n, kon="X" if n < 5 else "K") for n in range(100)])
    house.put_csv(
        "rg/arenden_2022.csv", CASE,
        [case(n, konsultationsdatum="2022-01-01", kon="X" if n < 6 else "K", kommunkod="0" if n < 6 else "2180")
         for n in range(100)],
    )  # fmt: skip
    result = house.ingest()
    assert house.statuses() == {"rg/arenden_2021.csv": "in_force", "rg/arenden_2022.csv": "too_many_bad_rows"}
    assert house.query("select count(*), count(distinct delivery_id) from raw.arenden") == [(95, 1)]
    assert house.query("select file_name, count(*) from quality.quarantined_row group by 1 order by 1") == [
        ("arenden_2021.csv", 5), ("arenden_2022.csv", 12),
    ]  # fmt: skip
    assert house.query(
        "select rows_read, rows_loaded, rows_quarantined from quality.delivery where period = '2022'"
    ) == [(100, 0, 6)]
    assert "6 of 100 rows" in result.rejected[0].detail


def test_only_when_remarks_quarantine_nothing(house):
    header = ["mote_id", "team_id", "motesdatum", "form", "status", "installt_orsak"]
    house.put_csv("rg/moten_2021.csv", header, [["M1", "T", "2021-05-01", "D", "Genomfört", "Annat"]])
    header = ["enkat_omgang", "respondent_id", "kon", "svarat", "svar_redo", "bortfallsorsak"]
    house.put_csv(
        "finsam/enkat_2021.csv",
        header,
        [["2021VT", "R1", "K", "J", "", "EJ_KONTAKT"], ["2021VT", "R2", "K", "N", "3", ""]],
    )
    house.ingest()
    assert house.faults() == []
    assert house.query("select svar_redo from raw.enkat order by respondent_id") == [(None,), ("3",)]


def test_benefits_are_the_partys_own(house):
    rows = [
        [pnr(f"1970{1 + n // 28:02d}{1 + n % 28:02d}"), "A-kassa", "2021-05-01", "", ""] for n in range(50)
    ]
    house.put_csv("af/ersattning_2021.csv", BENEFIT, [*rows, [PERSON, "Sjukpenning", "2021-05-01", "", ""]])
    house.ingest()
    assert house.faults() == [(52, "ersattning", "bad_code", "Sjukpenning")]


def test_long_values_are_cut_in_quarantine(house):
    padded(house, "rg/arenden_2021.csv", CASE, [case(1, kon="y" * 5000)], GOOD_CASES)
    house.ingest()
    assert house.faults() == [(2, "kon", "bad_code", "y" * 200)]
