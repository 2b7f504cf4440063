"""The shapes of the contract: parties, datasets, columns, code lists. Nothing here reads a file."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

ColumnType = Literal["text", "municipality", "date", "month", "number", "flag", "code", "codes", "pnr"]
IDENTIFIER = r"^[a-z][a-z0-9_]*$"
SQL_TYPES: Mapping[ColumnType, str] = {
    "text": "varchar",
    "municipality": "varchar",
    "date": "date",
    "month": "date",
    "number": "double",
    "flag": "boolean",
    "code": "varchar",
    "codes": "varchar",
    "pnr": "varchar",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CodeItem(_Frozen):
    """One code of a code list with its Swedish label (blank where the reference data has none)."""

    code: str
    label_sv: str


class Party(_Frozen):
    """A deliverer. `per_municipality` parties have one inbox folder per municipality."""

    code: str = Field(pattern=r"^[a-z]+$")
    name_sv: str
    description_sv: str
    per_municipality: bool = False


class Column(_Frozen):
    """One column of a dataset and every rule that holds for its values alone, plus `not_before`.

    `code_list` names a list of the reference data, or one list per party. `only` narrows it, `also` adds
    codes, `municipalities` adds every municipality's code. `identifier` marks a text that other rows may
    refer to: a personnummer in it is replaced by a token, so that references still meet.
    """

    name: str = Field(pattern=IDENTIFIER)
    type: ColumnType
    required: bool = False
    key: bool = False
    identifier: bool = False
    description_sv: str
    unit: str | None = None
    code_list: str | Mapping[str, str] | None = None
    only: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    municipalities: bool = False
    minimum: float | None = None
    exclusive_minimum: float | None = None
    maximum: float | None = None
    not_before: str | None = None

    @property
    def raw_name(self) -> str:
        """The column's name in the raw table: a personnummer is never stored, only the person's pseudonym."""
        return self.name.replace("personnummer", "person_id") if self.type == "pnr" else self.name

    @property
    def sql_type(self) -> str:
        """The type of the column in the raw table."""
        return SQL_TYPES[self.type]

    @property
    def has_limits(self) -> bool:
        """Whether a value can be out of range."""
        return any(limit is not None for limit in (self.minimum, self.exclusive_minimum, self.maximum))

    def code_list_for(self, party_code: str) -> str | None:
        """The code list that holds when `party_code` delivers."""
        if self.code_list is None or isinstance(self.code_list, str):
            return self.code_list
        return self.code_list.get(party_code)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        coded = self.type in ("code", "codes")
        if coded != bool(self.code_list or self.also or self.municipalities):
            raise ValueError(f"{self.name}: a code column, and no other, names where its codes come from")
        if self.has_limits and self.type != "number":
            raise ValueError(f"{self.name}: only numbers have limits")
        if self.key and not self.required:
            raise ValueError(f"{self.name}: a key column is required")
        if self.identifier and self.type != "text":
            raise ValueError(f"{self.name}: only a text can be an identifier")
        if self.not_before and self.type not in ("date", "month"):
            raise ValueError(f"{self.name}: only a date can come before another")
        return self


class PeriodRule(_Frozen):
    """How a row belongs to the delivery's period: a column lies within it, or a span overlaps it."""

    within: str | None = None
    overlaps: tuple[str, str] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the rule looks at; a breach is reported on the first."""
        return self.overlaps or ((self.within,) if self.within else ())


class Dataset(_Frozen):
    """One dataset: who delivers it, what a row is, its columns in contract order and its period rule."""

    name: str = Field(pattern=IDENTIFIER)
    title_sv: str
    description_sv: str
    grain_sv: str
    parties: tuple[str, ...] = Field(min_length=1)
    period: PeriodRule = PeriodRule()
    columns: tuple[Column, ...] = Field(min_length=1)

    @property
    def key(self) -> tuple[Column, ...]:
        """The natural key, within party and dataset."""
        return tuple(column for column in self.columns if column.key)

    @property
    def person_columns(self) -> tuple[Column, ...]:
        """The columns that hold a person's pseudonym in the raw table."""
        return tuple(column for column in self.columns if column.type == "pnr")

    def column(self, name: str) -> Column:
        """The column called `name`; raises KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.name}: a column is named twice")
        dates = {column.name for column in self.columns if column.type in ("date", "month")}
        referred = {*self.period.columns, *(c.not_before for c in self.columns if c.not_before)}
        if referred - dates:
            raise ValueError(f"{self.name}: {sorted(referred - dates)} is no date column of it")
        if not self.key:
            raise ValueError(f"{self.name}: a dataset has a natural key")
        return self


class Contract(_Frozen):
    """The whole contract: parties, datasets by name, code lists by name, municipality codes with names."""

    parties: tuple[Party, ...]
    datasets: Mapping[str, Dataset]
    code_lists: Mapping[str, tuple[CodeItem, ...]]
    municipalities: Mapping[str, str]

    def party_of_folder(self, folder: str) -> Party | None:
        """The party whose inbox folder this is, or None for an unknown one."""
        for party in self.parties:
            if party.per_municipality:
                code, dash, municipality = folder.partition("-")
                if code == party.code and dash and municipality in self.municipalities:
                    return party
            elif folder == party.code:
                return party
        return None

    def datasets_of(self, party_code: str) -> tuple[Dataset, ...]:
        """What a party delivers."""
        return tuple(dataset for dataset in self.datasets.values() if party_code in dataset.parties)

    def codes_of(self, column: Column, party_code: str) -> tuple[CodeItem, ...]:
        """Every code that a column accepts from a party."""
        listed = self.code_lists.get(column.code_list_for(party_code) or "", ())
        kept = tuple(item for item in listed if not column.only or item.code in column.only)
        more = (*column.also, *(self.municipalities if column.municipalities else ()))
        return (*kept, *(CodeItem(code=code, label_sv="") for code in more))

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        known = {party.code for party in self.parties}
        for dataset in self.datasets.values():
            if set(dataset.parties) - known:
                raise ValueError(f"{dataset.name}: {sorted(set(dataset.parties) - known)} is no party")
            for column in dataset.columns:
                self._check_codes(dataset, column)
        return self

    def _check_codes(self, dataset: Dataset, column: Column) -> None:
        if column.code_list is None:
            return
        for party in dataset.parties:
            name = column.code_list_for(party)
            if name is None or name not in self.code_lists:
                raise ValueError(f"{dataset.name}.{column.name}: no code list {name!r} for {party}")
            missing = set(column.only) - {item.code for item in self.code_lists[name]}
            if missing:
                raise ValueError(f"{dataset.name}.{column.name}: {sorted(missing)} is not in {name}")
