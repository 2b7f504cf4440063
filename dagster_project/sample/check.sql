-- What the self-check of the sample needs beside the rows read back: consents, follow-up dates, support, endings.
-- The tables read back bear the names of their datasets, with party, period_start and period_end; `coverage` too.

create view new_case as
select arende_id, personnummer as person, konsultationsdatum as day, kommunkod, kon, initierande_part,
    fragestallning, atgardsforslag
from arenden
where arendetyp = 'NY';

create view linkable as
select c.arende_id, s.part
from new_case as c
inner join samtycke as s on c.person = s.personnummer
group by c.arende_id, s.part, c.day
having min(s.samtyckesdatum) <= c.day and count(s.aterkallat_datum) = 0;

create view followed as
select c.*, h.months, cast(c.day + to_months(h.months) as date) as follow_day
from new_case as c
cross join (values (0), (6), (12)) as h (months);

create view covered_case as
select f.arende_id, f.months
from followed as f
inner join coverage as k
    on f.follow_day between k.period_start and k.period_end
    and (k.party, k.dataset) in (('kommun-' || f.kommunkod, 'forsorjningsstod'), ('af', 'ersattning'), ('fk', 'ersattning'))
group by f.arende_id, f.months
having count(distinct k.party) = 3;

create view public_case as
select arende_id from linkable where part in ('AF', 'FK', 'KOMMUN') group by arende_id having count(*) = 3;

create view spell as
select * exclude (party, period_start, period_end)
from ersattning
qualify row_number() over (partition by personnummer, ersattning, fran order by period_end desc) = 1;

create view support as
select f.arende_id, f.months, s.ersattning as kind, false as main
from followed as f
inner join spell as s
    on f.person = s.personnummer and s.fran <= f.follow_day and coalesce(s.till, f.follow_day) >= f.follow_day
union
select f.arende_id, f.months, 'FORSORJNINGSSTOD', m.huvudinkomst
from followed as f
inner join forsorjningsstod as m
    on f.person = m.personnummer and m.manad = date_trunc('month', f.follow_day);

create view ending as
select f.arende_id, f.months, a.orsak, a.avslutsdatum, f.follow_day
from followed as f
inner join avslut as a on f.person = a.personnummer and a.avslutsdatum > f.day;

-- Municipalities and quarters for which a follow-up table would be empty although there are new cases.
create view empty_place as
with place as (
    select distinct kommunkod, date_trunc('quarter', day) as quarter from new_case
), cohort as (
    select kommunkod, date_trunc('quarter', day) as quarter, 'support_follow_up ' || months as content
    from followed
    where arende_id in (select arende_id from public_case)
        and (arende_id, 0) in (select arende_id, months from covered_case)
        and (arende_id, months) in (select arende_id, months from covered_case)
), present as (
    select kommunkod, quarter, content from cohort
    union
    select kommunkod, date_trunc('quarter', day), 'self_support' from new_case
    where arende_id in (select arende_id from linkable where part = 'KOMMUN')
        and 'kommun-' || kommunkod in (select party from coverage where dataset = 'avslut')
    union
    select substr(party, 8), date_trunc('quarter', planeringsdatum), 'lead_time' from planering
    union
    select substr(party, 8), date_trunc('quarter', manad), 'target_group' from forsorjningsstod
)
select place.kommunkod, place.quarter, expected.content
from place
cross join (
    values ('support_follow_up 6'), ('support_follow_up 12'), ('self_support'), ('lead_time'), ('target_group')
) as expected (content)
left join present using (kommunkod, quarter, content)
where present.content is null;
