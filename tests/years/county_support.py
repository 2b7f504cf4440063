"""Income support month by month, its end, plans, and spells of benefits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.years.county_people import People
from tests.years.county_plan import CountyPlan, Survival
from tests.years.draws import choose, days_after

BENEFITS_OF_AF = ("AKASSA", "AKTIVITETSSTOD", "ETABLERING")


def month_number(day: object) -> int:
    """Months since the year 0."""
    stamp = pd.Timestamp(day)  # type: ignore[arg-type]
    return stamp.year * 12 + stamp.month - 1


def first_days(months: pd.Series) -> pd.Series:
    """The first day of each month number."""
    return pd.to_datetime(pd.DataFrame({"year": months // 12, "month": months % 12 + 1, "day": 1}))


def make_episodes(
    plan: CountyPlan, cases_per_year: int, cases: pd.DataFrame, people: People, rng: np.random.Generator
) -> pd.DataFrame:
    """Unbroken stretches of income support: the person, `first` and `last` month number, `has_case`."""
    first, last = month_number(plan.facts.first_day), month_number(plan.facts.last_day)
    stock = plan.support.stock_per_case * cases_per_year
    found = [
        _stationary(plan, stock, part, first, last, people, rng)
        for part in (plan.support.lasting, plan.support.passing)
    ]
    found.append(_around_cases(plan, cases, rng))
    episodes = pd.concat(found, ignore_index=True)
    returns = episodes[rng.random(len(episodes)) < plan.support.return_share].copy()
    returns["first"] = returns["last"] + rng.integers(2, 9, len(returns))
    returns["last"] = returns["first"] + rng.geometric(1 - plan.support.passing.survival, len(returns)) - 1
    episodes = pd.concat([episodes, returns[returns["first"] <= last]], ignore_index=True)
    return episodes.sort_values(["first", "personnummer"], ignore_index=True)


def _stationary(
    plan: CountyPlan,
    stock: float,
    part: Survival,
    first: int,
    last: int,
    people: People,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Persons without a case: those who have support at the beginning, and as many new ones as others leave."""
    shares = {one.code: one.weight for one in plan.municipalities}
    size = stock * part.share
    starts = np.concatenate(
        [
            np.full(rng.poisson(size), first),
            np.repeat(np.arange(first + 1, last + 1), rng.poisson(size * (1 - part.survival), last - first)),
        ]
    )
    persons = people.draw(choose(rng, shares, len(starts)))
    lasted = rng.geometric(1 - part.survival, len(starts))
    return persons.assign(first=starts, last=starts + lasted - 1, has_case=False)


def _around_cases(plan: CountyPlan, cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    persons = cases.drop_duplicates("number")
    persons = persons[rng.random(len(persons)) < plan.support.with_case_share]
    month = persons["day"].dt.year * 12 + persons["day"].dt.month - 1
    start = month - rng.integers(0, 18, len(persons))
    # Who has a case had support until then; what comes after is as for others.
    last = np.maximum(month - 1, start) + rng.geometric(1 - plan.support.lasting.survival, len(persons)) - 1
    rows = persons[["number", "kon", "kommunkod"]].rename(columns={"number": "personnummer"})
    return rows.assign(first=start, last=last, has_case=True)


def make_support(plan: CountyPlan, episodes: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `forsorjningsstod`: one for each person and month."""
    size = len(episodes)
    main = rng.random(size) < plan.support.main_income_share
    level = np.where(main, rng.lognormal(9.05, 0.28, size), rng.lognormal(7.8, 0.4, size))
    obstacle = pd.Series(choose(rng, plan.support.obstacle, size)).mask(
        rng.random(size) < plan.support.obstacle_blank_share
    )
    known = episodes.assign(
        level=level, huvudinkomst=np.where(main, "J", "N"), forsorjningshinder=obstacle.to_numpy()
    )
    first, last = month_number(plan.facts.first_day), month_number(plan.facts.last_day)
    lasts = known["last"].clip(upper=last)
    rows = known.loc[known.index.repeat((lasts - known["first"] + 1).clip(lower=0))]
    month = rows["first"] + rows.groupby(level=0).cumcount()
    increase = (1 + plan.support.yearly_increase) ** (month // 12 - first // 12)
    amount = (
        (rows["level"] * increase * rng.normal(1, 0.08, len(rows)).clip(0.5, 1.5)).round(0).clip(lower=100)
    )
    rows = rows.assign(month=month, belopp_kr=amount).reset_index(drop=True)
    rows = rows[rows["month"] >= first].drop_duplicates(["personnummer", "month"], ignore_index=True)
    rows["manad"] = first_days(rows["month"])
    return _while_it_takes_part(plan, rows, "manad")


def make_closings(plan: CountyPlan, episodes: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `avslut`: most ends of income support."""
    ended = episodes[rng.random(len(episodes)) < plan.support.closed_share].reset_index(drop=True)
    ended["avslutsdatum"] = first_days(ended["last"] + 1) - pd.Timedelta(days=1)
    ended["orsak"] = choose(rng, plan.support.closing_reason, len(ended))
    return _while_it_takes_part(plan, ended.drop_duplicates(["personnummer", "avslutsdatum"]), "avslutsdatum")


def make_plans(
    plan: CountyPlan, cases: pd.DataFrame, episodes: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Rows of `planering`: days from a first contact to a plan."""
    with_case = cases.drop_duplicates("number").rename(columns={"number": "personnummer"})
    with_case = with_case[rng.random(len(with_case)) < plan.support.planned_share.with_case].reset_index(
        drop=True
    )
    with_case["forsta_kontakt"] = days_after(with_case["day"], -rng.integers(20, 200, len(with_case)))
    others = episodes[~episodes["has_case"]].drop_duplicates("personnummer")
    others = others[rng.random(len(others)) < plan.support.planned_share.without_case].reset_index(drop=True)
    others["forsta_kontakt"] = days_after(first_days(others["first"]), rng.integers(0, 28, len(others)))
    rows = pd.concat([with_case, others], ignore_index=True)
    rows["planeringsdatum"] = days_after(
        rows["forsta_kontakt"], rng.gamma(1.6, 35, len(rows)).astype(int) + 3
    )
    return _while_it_takes_part(plan, rows, "planeringsdatum")


def _while_it_takes_part(plan: CountyPlan, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows of the days on which their municipality takes part, with its folder."""
    since = {m.code: pd.Timestamp(m.since or plan.facts.first_day) for m in plan.municipalities}
    until = {m.code: pd.Timestamp(m.until or plan.facts.last_day) for m in plan.municipalities}
    code = rows["kommunkod"]
    kept = rows[(rows[column] >= code.map(since)) & (rows[column] <= code.map(until))].copy()
    kept["folder"] = "kommun-" + kept["kommunkod"]
    return kept.sort_values([column, "personnummer"], ignore_index=True)


def make_spells(
    plan: CountyPlan, cases: pd.DataFrame, people: People, rng: np.random.Generator
) -> pd.DataFrame:
    """Rows of `ersattning`: spells around the cases, and of persons without a case; none overlaps its like."""
    own = cases.drop_duplicates("number")[["number", "day"]].rename(columns={"number": "personnummer"})
    around = own.loc[own.index.repeat(3)].reset_index(drop=True)
    shift = rng.integers(0, 260, len(around)) * 3 - 430
    others = cases.sample(frac=plan.benefits.others_per_case, random_state=rng)[["day", "kommunkod"]]
    others = people.draw(others["kommunkod"].to_numpy()).assign(day=others["day"].to_numpy())[
        ["personnummer", "day"]
    ]
    rows = pd.concat([around, others], ignore_index=True)
    rows["fran"] = days_after(rows["day"], np.concatenate([shift, rng.integers(-400, 400, len(others))]))
    rows = rows[rng.random(len(rows)) < plan.benefits.spell_share].reset_index(drop=True)
    rows["ersattning"] = choose(rng, plan.benefits.benefit, len(rows))
    days = rng.exponential(rows["ersattning"].map(plan.benefits.mean_days)).astype(int) + 14
    rows["till"] = days_after(rows["fran"], days)
    rows["omfattning"] = pd.Series(choose(rng, plan.benefits.extent, len(rows))).mask(
        rng.random(len(rows)) < plan.benefits.extent_blank_share
    )
    rows = rows.sort_values(["personnummer", "ersattning", "fran"], ignore_index=True)
    before = rows.groupby(["personnummer", "ersattning"])["till"].transform(
        lambda till: till.cummax().shift()
    )
    rows = rows[~(rows["fran"] <= before)].copy()
    rows["folder"] = np.where(rows["ersattning"].isin(BENEFITS_OF_AF), "af", "fk")
    return rows.sort_values(["fran", "personnummer", "ersattning"], ignore_index=True)
