"""What changed against the release before, in words."""

from dagster_project.release.difference import Moved, as_markdown


def test_deliveries_and_indicators_that_changed_are_counted():
    delivery = {"delivery": "rg/moten_2021.csv", "change": "came"}
    text = as_markdown(
        "V1", [delivery], {"meeting": 12, "lead_time": 3}, {"meeting": Moved(grown=4, corrected=1)}
    )
    assert "Against V1" in text
    assert "| rg/moten_2021.csv | came |" in text
    assert "| meeting | 12 | 4 | 1 |" in text
    assert "| lead_time | 3 | 0 | 0 |" in text


def test_where_nothing_changed_it_says_so():
    text = as_markdown("V1", [], {}, {})
    assert "The deliveries are the same." in text
    assert "No indicator cell has changed." in text
