"""Composes the one statement that parses, validates and pseudonymises deliveries of a dataset. It is not run here.

Layers, inside out: texts of known columns, values parsed, rules judged. Each is a streaming projection, so that
nothing of a clear personal number waits in memory or on disk. Pseudonyms are there already.
"""

from dagster_project.contract import Column, Contract, Dataset
from dagster_project.ingestion.masking import sql_mask_pnr, sql_mask_quoted
from dagster_project.ingestion.persons import pseudonym_column
from dagster_project.ingestion.reading.rows import (
    DELIVERY,
    MARKS,
    PERIOD_END,
    PERIOD_START,
)
from dagster_project.ingestion.rules import rules_of, sql_shown, text_of, value_of
from dagster_project.ingestion.values import sql_folded_code, sql_trimmed, sql_value
from dagster_project.ingestion.warehouse import quoted

SOURCE = "delivery_rows"
LOOKUP = "code_lookup"
BLOCKED = "blocked_now"


def lookup_name(dataset: Dataset, column: Column, party_code: str) -> str:
    """The name under which the code lookup keeps what a column accepts from a party."""
    return f"{dataset.name}.{column.name}.{party_code}"


def lookup_rows(contract: Contract) -> list[tuple[str, str, str]]:
    """(lookup, spelling, code) of every column: codes first, so that a label never hides a code."""
    rows: dict[tuple[str, str], str] = {}
    for dataset in contract.datasets.values():
        for party in dataset.parties:
            for column in dataset.columns:
                name = lookup_name(dataset, column, party)
                if column.type == "municipality":
                    rows.update({(name, code): code for code in contract.municipalities})
                items = contract.codes_of(column, party)
                for item in items:
                    rows.setdefault((name, item.code), item.code)
                for item in items:
                    if item.label_sv:
                        rows.setdefault((name, item.label_sv), item.code)
    return [(name, spelling, code) for (name, spelling), code in rows.items()]


def _known(dataset: Dataset) -> str:
    texts = [f"nullif({quoted(c.name)}, '') as {text_of(c.name)}" for c in dataset.columns]
    persons = [f"{quoted(pseudonym_column(c.name))} as {value_of(c.name)}" for c in dataset.person_columns]
    return f"select {', '.join([*MARKS, *texts, *persons])} from {SOURCE}"


def _lookup_join(dataset: Dataset, column: Column, party_code: str) -> str:
    """Joins the accepted code of a column, or all codes as one map for a column that holds several."""
    alias = f'"l_{column.name}"'
    rows = f"from {LOOKUP} where lookup = '{lookup_name(dataset, column, party_code)}'"
    if column.type == "codes":
        return f"cross join (select map(list(spelling), list(code)) as codes {rows}) as {alias}"
    spelling = sql_folded_code(text_of(column.name))
    return f"left join (select spelling, code {rows}) as {alias} on {alias}.spelling = {spelling}"


def _looked_up(column: Column) -> str:
    if column.type != "codes":
        return f'"l_{column.name}".code'
    parts = f"string_split({text_of(column.name)}, '|')"
    codes = f"""list_transform({parts}, lambda part: "l_{column.name}".codes[{sql_folded_code(sql_trimmed("part"))}])"""
    return (
        f"case when len({parts}) = len(list_filter({codes}, lambda code: code is not null)) "
        f"then array_to_string({codes}, '|') end"
    )


def _parsed(dataset: Dataset, party_code: str, inner: str) -> str:
    """Adds the values of all columns; a person's is the pseudonym. The clear number goes no further."""
    values = ", ".join(
        value_of(c.name)
        if c.type == "pnr"
        else f"{sql_value(c, text_of(c.name), _looked_up(c))} as {value_of(c.name)}"
        for c in dataset.columns
    )
    joined = [c for c in dataset.columns if c.type in ("code", "codes", "municipality")]
    joins = " ".join(_lookup_join(dataset, column, party_code) for column in joined)
    texts = ", ".join(text_of(column.name) for column in dataset.columns)
    marks = f"{DELIVERY}, row_number, {PERIOD_START}, {PERIOD_END}"
    return f"select {marks}, {texts}, {values} from ({inner}) {joins}"


def _is_blocked(dataset: Dataset) -> str:
    tests = [
        f"coalesce({value_of(c.name)} in (select person_id from {BLOCKED}), false)"
        for c in dataset.person_columns
    ]
    tests += [
        f"coalesce({value_of(c.name)} in (select token from {BLOCKED}), false)"
        for c in dataset.columns
        if c.type == "text" and (c.identifier or c.key)
    ]
    return " or ".join(tests) or "false"


def _judged(dataset: Dataset, inner: str) -> str:
    """Adds one flag per rule: f0, f1, …"""
    flags = ", ".join(
        f"coalesce({rule.condition}, false) as f{number}" for number, rule in enumerate(rules_of(dataset))
    )
    return f"select *, {flags} from ({inner})" if flags else inner


def _faults(dataset: Dataset) -> str:
    """The broken rules of a row as a list, null for a row that breaks none. Masked once, whatever the rule."""
    rules = rules_of(dataset)
    found = ", ".join(
        f"case when f{number} then "
        f"{{'column_name': '{r.column}', 'reason': '{r.reason}', 'shown': {text_of(r.column)}}} end"
        for number, r in enumerate(rules)
    )
    broken = " or ".join(f"f{number}" for number in range(len(rules)))
    persons = ", ".join(f"'{column.name}'" for column in dataset.person_columns) or "''"
    shown = (
        f"case when fault.column_name in ({persons}) then {sql_mask_pnr('fault.shown')} "
        f"else {sql_mask_quoted('fault.shown')} end"
    )
    masked = f"{{'column_name': fault.column_name, 'reason': fault.reason, 'shown': {shown}}}"
    return (
        f"case when {broken} then list_transform("
        f"list_filter([{found}], lambda fault: fault is not null), lambda fault: {masked}) end"
    )


def staging_statement(dataset: Dataset, party_code: str, any_blocked: bool) -> str:
    """The query whose rows are the validated rows of the deliveries in SOURCE, all of one kind of party.

    Columns: delivery, row_number, is_blocked, shown_key, fault_person_id, faults, then the raw columns.
    Parameters: $hmac_inner, $hmac_outer.
    """
    inner = _judged(dataset, _parsed(dataset, party_code, _known(dataset)))
    raw = ", ".join(f'{value_of(c.name)}::{c.sql_type} as "{c.raw_name}"' for c in dataset.columns)
    persons = dataset.person_columns
    person = value_of(persons[0].name) if persons else "null::varchar"
    return (
        f"select {DELIVERY}, row_number, "
        f"{_is_blocked(dataset) if any_blocked else 'false'} as is_blocked, "
        f"{sql_shown(dataset.key[0])} as shown_key, {person} as fault_person_id, "
        f"{_faults(dataset)} as faults, {raw} from ({inner})"
    )
