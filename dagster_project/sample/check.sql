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
