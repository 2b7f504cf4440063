-- Initiating parties and participation: indicators 5 to 7.

create temp table party_sum as
with municipal as (
    select interval_no, kommunkod, initierande_part as party_code, count(*) as new_count,
        count(*) filter (where own) as own_yes, count(own) as own_known,
        count(*) filter (where attended) as attended_yes, count(attended) as attended_known,
        count(*) filter (where feedback) as feedback_yes, count(feedback) as feedback_known
    from consultation where is_new group by all
), area as (
    select 'municipality' as area_level, kommunkod as area_code, * exclude (kommunkod) from municipal
    union all
    select 'county', kommunkod[1:2], * exclude (kommunkod) from municipal
)
select period_no, area_level, area_code, coalesce(party_code, 'ALL') as party_code,
    sum(new_count) as new_count, sum(own_yes) as own_yes, sum(own_known) as own_known,
    sum(attended_yes) as attended_yes, sum(attended_known) as attended_known,
    sum(feedback_yes) as feedback_yes, sum(feedback_known) as feedback_known
from area inner join interval_period using (interval_no)
group by grouping sets ((period_no, area_level, area_code, party_code), (period_no, area_level, area_code));

create table indicators.initiating_party as
with place as (
    select period_no, area_level, area_code, new_count as all_count from party_sum where party_code = 'ALL'
), filled as (
    select place.*, c.code as party_code, coalesce(s.new_count, 0) as new_count
    from place
    cross join (select code from code where list_name = 'party') as c
    left join party_sum as s
        on place.period_no = s.period_no and place.area_level = s.area_level and place.area_code = s.area_code and c.code = s.party_code
), compared as (
    select f.*, p.period_type, p.period, case when p.previous_no is not null then coalesce(before.new_count, 0) end as previous_count
    from filled as f
    inner join period as p using (period_no)
    left join party_sum as before
        on p.previous_no = before.period_no and f.area_level = before.area_level and f.area_code = before.area_code
            and f.party_code = before.party_code
)
select period_type, period, area_level, area_code, party_code, new_count::bigint as new_count,
    percent(new_count, all_count) as share_percent, previous_count::bigint as previous_count,
    percent(new_count - previous_count, previous_count) as change_percent
from compared;

create table indicators.party_evenness as
select period_type, period, area_level, area_code, min(new_count) as smallest_count, max(new_count) as largest_count,
    percent(min(new_count), max(new_count)) as evenness_percent
from indicators.initiating_party
group by all;

create table indicators.participation as
select p.period_type, p.period, area_level, area_code, party_code,
    own_yes::bigint as own_question_yes, own_known::bigint as own_question_known, percent(own_yes, own_known) as own_question_percent,
    attended_yes::bigint as attended_yes, attended_known::bigint as attended_known, percent(attended_yes, attended_known) as attended_percent,
    feedback_yes::bigint as feedback_yes, feedback_known::bigint as feedback_known, percent(feedback_yes, feedback_known) as feedback_percent
from party_sum
inner join period as p using (period_no)
where own_known + attended_known + feedback_known > 0;
