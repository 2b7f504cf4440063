"""Writes docs/extracts.md, the page that a party's IT staff is sent, from the contract. The prose is the template's."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dagster_project.contract.loader import CONTRACT_DIR, load_contract
from dagster_project.contract.model import CodeItem, Column, Contract, Dataset, Party

PAGE = Path(__file__).parents[2] / "docs" / "extracts.md"
_TEMPLATE = "extracts.md.j2"

_KINDS = {
    "text": "text",
    "municipality": "kommun",
    "date": "datum",
    "month": "månad",
    "number": "tal",
    "flag": "ja/nej",
    "code": "kod",
    "codes": "koder",
    "pnr": "personnummer",
}
ROW_REASONS = {
    "missing_required": "En uppgift som måste finnas saknas.",
    "bad_date": "Värdet är inget datum.",
    "bad_month": "Värdet är ingen månad.",
    "bad_number": "Värdet är inget tal.",
    "bad_flag": "Värdet är varken ja eller nej.",
    "bad_code": "Koden finns inte i kodlistan.",
    "bad_personnummer": "Personnumret kan inte vara rätt: formen, datumet eller kontrollsiffran.",
    "bad_municipality": "Det finns ingen kommun med koden.",
    "bad_order": "Slutet ligger före början.",
    "out_of_range": "Talet ligger utanför de tillåtna gränserna.",
    "outside_period": "Raden ligger utanför leveransens period.",
    "conflicting_key": "Flera rader har samma nyckel men olika innehåll. Ingen av dem läses in.",
    "wrong_column_count": "Raden har ett annat antal fält än rubriken.",
}
FILE_REASONS = {
    "unreadable": "Filen går inte att läsa.",
    "missing_column": "Rubrikraden saknas, eller en kolumn som måste finnas.",
    "bad_period": "Filens namn har ingen giltig period.",
    "overlapping_period": "Perioden överlappar en annan leverans till en del.",
    "ambiguous_revision": "Två filer gäller samma period och rättelse.",
    "too_many_bad_rows": "Mer än 5 procent av raderna bryter mot någon regel.",
}


def _folder(party: Party) -> str:
    return f"`{party.code}-NNNN`" if party.per_municipality else f"`{party.code}`"


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _limits(column: Column) -> str:
    parts = []
    if column.exclusive_minimum is not None:
        parts.append(f"större än {_number(column.exclusive_minimum)}")
    if column.minimum is not None:
        parts.append(f"minst {_number(column.minimum)}")
    if column.maximum is not None:
        parts.append(f"högst {_number(column.maximum)}")
    return f"Talet är {' och '.join(parts)}." if parts else ""


def _list_names(column: Column) -> tuple[str, ...]:
    if column.code_list is None:
        return ()
    return (column.code_list,) if isinstance(column.code_list, str) else tuple(column.code_list.values())


def _kind(column: Column) -> str:
    if column.code_list is None or column.only:
        return _KINDS[column.type]
    links = ", ".join(f"[{name}](#{name})" for name in _list_names(column))
    return f"{_KINDS[column.type]}: {links}"


def _content(column: Column) -> str:
    order = f"Inte före `{column.not_before}`." if column.not_before else ""
    unit = f"Enhet: {column.unit}." if column.unit else ""
    return " ".join(part for part in (column.description_sv, unit, _limits(column), order) if part)


def _period(dataset: Dataset) -> str:
    if dataset.period.within:
        return f"`{dataset.period.within}` ska ligga inom filens period."
    if dataset.period.overlaps:
        first, last = dataset.period.overlaps
        return f"Tiden från `{first}` till `{last}` ska överlappa filens period."
    return "Ingen kolumn behöver ligga inom filens period."


def _used_lists(contract: Contract) -> list[tuple[str, tuple[CodeItem, ...]]]:
    used = {name for d in contract.datasets.values() for c in d.columns for name in _list_names(c)}
    return [(name, contract.code_lists[name]) for name in sorted(used)]


def render(contract: Contract) -> str:
    """The page as Markdown."""
    environment = Environment(
        loader=FileSystemLoader(CONTRACT_DIR),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown from our own data
    )
    names = {party.code: party.name_sv for party in contract.parties}
    return environment.get_template(_TEMPLATE).render(
        contract=contract,
        folder=_folder,
        datasets=lambda party: ", ".join(
            f"[{d.name}](#{_anchor(d)})" for d in contract.datasets_of(party.code)
        ),
        deliverers=lambda dataset: ", ".join(names[code] for code in dataset.parties),
        period=_period,
        kind=_kind,
        content=_content,
        lists=_used_lists(contract),
        row_reasons=ROW_REASONS.items(),
        file_reasons=FILE_REASONS.items(),
    )


def _anchor(dataset: Dataset) -> str:
    """The anchor that Markdown viewers give the heading `name – title`."""
    return f"{dataset.name}--{dataset.title_sv.lower().replace(' ', '-')}"


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render(load_contract()), encoding="utf-8")


if __name__ == "__main__":
    main()
